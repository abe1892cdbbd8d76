package org.picket.model.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.picket.model.graph.ModelFault;

/// JSON files that come with exports.
public final class JsonFile {
    private JsonFile() {}

    /// The one object that a file holds.
    ///
    /// @param maxBytes larger files are refused
    /// @param whatToDo a sentence, after a blank, for the person whose file it is
    /// @throws ModelFault where it cannot be read or is something else
    public static JsonObject object(Path file, long maxBytes, String whatToDo) {
        try {
            if (Files.size(file) > maxBytes) {
                throw new ModelFault(file + " is larger than " + maxBytes + " bytes." + whatToDo);
            }
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                return JsonParser.parseReader(reader).getAsJsonObject();
            }
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + ")." + whatToDo, cause);
        } catch (JsonParseException | IllegalStateException cause) {
            throw new ModelFault(file + " is not the JSON that it should be." + whatToDo, cause);
        }
    }

    /// A member that is a string.
    public static Optional<String> text(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive value && value.isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    /// Every string within an element.
    static Stream<String> strings(JsonElement element) {
        return switch (element) {
            case JsonPrimitive value -> value.isString() ? Stream.of(value.getAsString()) : Stream.empty();
            case JsonArray array ->
                StreamSupport.stream(array.spliterator(), false).flatMap(JsonFile::strings);
            case JsonObject object -> object.entrySet().stream().flatMap(entry -> strings(entry.getValue()));
            default -> Stream.empty();
        };
    }
}
