package org.picket.model.clip;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.model.graph.ModelFault;
import org.picket.model.tokenizer.JsonFile;

/// How a view's bytes become what a vision encoder reads: `(byte * rescale - mean) / deviation` for each of red,
/// green and blue. From `preprocessor_config.json` where it is there, else as CLIP was trained.
///
/// @param size side of a view, where the file says it
/// @param rescale factor on bytes
/// @param mean one per channel
/// @param deviation one per channel, above 0
/// @param remarks what of the file's wishes Picket's own preprocessing does not follow; sentences for the card
/// @param file where it was read from
public record Preprocessor(
        Optional<Integer> size,
        double rescale,
        List<Double> mean,
        List<Double> deviation,
        List<String> remarks,
        Optional<Path> file) {
    private static final String FILE = "preprocessor_config.json";
    private static final long MAX_BYTES = 1L << 20;
    private static final int BICUBIC = 3;
    private static final double TO_UNIT = 1 / 255.0;
    private static final String WHAT_TO_DO = " Give the preprocessor_config.json of the same export.";
    private static final String ABSENT =
            "No preprocessor_config.json was there: mean and deviation are those that CLIP was trained with.";

    /// CLIP's own.
    public static final Preprocessor CLIP = new Preprocessor(
            Optional.empty(),
            TO_UNIT,
            List.of(0.48145466, 0.4578275, 0.40821073),
            List.of(0.26862954, 0.26130258, 0.27577711),
            List.of(ABSENT),
            Optional.empty());

    public Preprocessor {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        remarks = List.copyOf(remarks);
    }

    /// The file beside a model or in the folder above (exports keep their models in a folder `onnx`); CLIP's own
    /// where there is none.
    public static Preprocessor beside(Path model) {
        Optional<Path> folder = Optional.ofNullable(model.toAbsolutePath().getParent());
        return Stream.concat(folder.stream(), folder.map(Path::getParent).stream())
                .map(place -> place.resolve(FILE))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(Preprocessor::read)
                .orElse(CLIP);
    }

    /// Reads the file.
    ///
    /// @throws ModelFault where it is something else
    public static Preprocessor read(Path file) {
        JsonObject config = JsonFile.object(file, MAX_BYTES, WHAT_TO_DO);
        try {
            boolean normalised = flag(config, "do_normalize");
            List<Double> mean = normalised ? channels(config, "image_mean", CLIP.mean()) : List.of(0.0, 0.0, 0.0);
            List<Double> deviation =
                    normalised ? channels(config, "image_std", CLIP.deviation()) : List.of(1.0, 1.0, 1.0);
            if (mean.size() != 3 || deviation.size() != 3 || deviation.stream().anyMatch(value -> value <= 0)) {
                throw new ModelFault(
                        file + " has not one mean and one deviation above 0 for each of three channels." + WHAT_TO_DO);
            }
            double rescale = flag(config, "do_rescale")
                    ? given(config, "rescale_factor")
                            .map(JsonElement::getAsDouble)
                            .orElse(TO_UNIT)
                    : 1.0;
            return new Preprocessor(size(config), rescale, mean, deviation, remarks(config), Optional.of(file));
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException cause) {
            throw new ModelFault(file + " says things in a way that is not known." + WHAT_TO_DO, cause);
        }
    }

    private static List<String> remarks(JsonObject config) {
        List<String> remarks = new ArrayList<>();
        int resample = given(config, "resample").map(JsonElement::getAsInt).orElse(BICUBIC);
        if (resample != BICUBIC) {
            remarks.add("The model was made for another way of resizing (number " + resample
                    + " in Pillow) than the bicubic one of Picket's views; scores may be a little off.");
        }
        boolean cropped = given(config, "crop_size").isPresent() && flag(config, "do_center_crop");
        boolean squeezed = !cropped && config.get("size") instanceof JsonObject size && size.has("height");
        if (squeezed) {
            remarks.add("The model was made for pictures squeezed into a square; Picket's views are square cuts.");
        }
        Optional<Integer> resized = given(config, "size").flatMap(Preprocessor::side);
        boolean closer = cropped && !resized.equals(size(config));
        if (closer || given(config, "crop_pct").isPresent()) {
            remarks.add(
                    "The model was made for the middle of pictures that are resized larger than what it sees; Picket's"
                            + " views show all, somewhat smaller, and scores may be a little off.");
        }
        return remarks;
    }

    private static Optional<Integer> size(JsonObject config) {
        boolean cropped = given(config, "crop_size").isPresent() && flag(config, "do_center_crop");
        return given(config, cropped ? "crop_size" : "size").flatMap(Preprocessor::side);
    }

    private static Optional<Integer> side(JsonElement size) {
        return switch (size) {
            case JsonPrimitive number -> Optional.of(number.getAsInt());
            case JsonObject sides ->
                Stream.of("height", "shortest_edge")
                        .filter(sides::has)
                        .map(name -> sides.get(name).getAsInt())
                        .findFirst();
            default -> Optional.empty();
        };
    }

    private static Optional<JsonElement> given(JsonObject config, String name) {
        return Optional.ofNullable(config.get(name)).filter(value -> !value.isJsonNull());
    }

    private static boolean flag(JsonObject config, String name) {
        return given(config, name).map(JsonElement::getAsBoolean).orElse(true);
    }

    private static List<Double> channels(JsonObject config, String name, List<Double> otherwise) {
        return config.get(name) instanceof JsonArray values
                ? values.asList().stream().map(JsonElement::getAsDouble).toList()
                : otherwise;
    }
}
