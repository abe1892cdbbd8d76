package org.picket.model.tokenizer;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A byte-pair vocabulary of CLIP's build, trained on a few sentences, as the files of an export: no real one may
/// be in the repository.
public final class SmallVocabulary {
    private static final String CORPUS = """
            a photo of a lighthouse a photo of the lighthouse by the sea in winter a drawing of a lighthouse at night
            snow on the ground snow in the mountains the sea at night the stars at night a night sky with stars
            it's a drawing of the sea we're at the sea i'm at the lighthouse they'll draw the lighthouse i'd draw snow
            the photographer photographs photographs of lighthouses in the snowy mountains 12 34 2026 100 café crème
            """;

    private static final String SETTINGS = """
            {"version":"1.0","truncation":null,"padding":null,
             "added_tokens":[%s],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},
               {"type":"Replace","pattern":{"Regex":"\\\\s+"},"content":" "},{"type":"Lowercase"}]},
             "pre_tokenizer":{"type":"Sequence","pretokenizers":[
               {"type":"Split","pattern":{"Regex":"'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"},
                "behavior":"Removed","invert":true},
               {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}]},
             "post_processor":{"type":"RobertaProcessing","sep":["<|endoftext|>",%d],"cls":["<|startoftext|>",%d],
               "trim_offsets":false,"add_prefix_space":false},
             "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true}}
            """;

    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<String> merges = new ArrayList<>();

    /// Trains so many merges.
    public SmallVocabulary(int wanted) {
        List<String> bytes = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            bytes.add(symbol(value));
        }
        bytes.forEach(this::number);
        bytes.forEach(symbol -> number(symbol + "</w>"));
        List<List<String>> words = new ArrayList<>();
        for (String word : CORPUS.strip().split("\\s+")) {
            List<String> symbols = new ArrayList<>();
            for (byte value : word.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                symbols.add(symbol(value & 0xFF));
            }
            symbols.set(symbols.size() - 1, symbols.getLast() + "</w>");
            words.add(symbols);
        }
        // Until every word is one token.
        while (merges.size() < wanted && words.stream().anyMatch(word -> word.size() > 1)) {
            merge(words);
        }
        number("<|startoftext|>");
        number("<|endoftext|>");
    }

    private void number(String token) {
        numbers.putIfAbsent(token, numbers.size());
    }

    /// By the published table, written otherwise than in the product: bytes that print keep their character.
    private static String symbol(int value) {
        boolean prints = value > 32 && value < 127 || value > 160 && value != 173;
        if (prints) {
            return String.valueOf((char) value);
        }
        int[] others = java.util.stream.IntStream.range(0, 256)
                .filter(other -> !(other > 32 && other < 127 || other > 160 && other != 173))
                .toArray();
        return String.valueOf((char) (256 + Arrays.binarySearch(others, value)));
    }

    private void merge(List<List<String>> words) {
        Map<String, Integer> counts = new TreeMap<>();
        for (List<String> word : words) {
            for (int at = 0; at + 1 < word.size(); at++) {
                counts.merge(word.get(at) + " " + word.get(at + 1), 1, Integer::sum);
            }
        }
        String best = counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
        String[] two = best.split(" ");
        for (List<String> word : words) {
            for (int at = 0; at + 1 < word.size(); at++) {
                if (word.get(at).equals(two[0]) && word.get(at + 1).equals(two[1])) {
                    word.set(at, two[0] + word.remove(at + 1));
                }
            }
        }
        merges.add(best);
        number(two[0] + two[1]);
    }

    /// How many tokens.
    public int size() {
        return numbers.size();
    }

    /// Writes `tokenizer.json`.
    public Path whole(Path folder) throws IOException {
        int start = numbers.get("<|startoftext|>");
        int end = numbers.get("<|endoftext|>");
        String added = "{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                + "\"normalized\":false,\"special\":true}";
        JsonObject root = JsonParser.parseString(SETTINGS.formatted(
                        added.formatted(start, "<|startoftext|>") + "," + added.formatted(end, "<|endoftext|>"),
                        end,
                        start))
                .getAsJsonObject();
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.add("dropout", com.google.gson.JsonNull.INSTANCE);
        model.addProperty("unk_token", "<|endoftext|>");
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", new Gson().toJsonTree(numbers));
        JsonArray list = new JsonArray();
        merges.forEach(list::add);
        model.add("merges", list);
        root.add("model", model);
        return Files.writeString(folder.resolve("tokenizer.json"), root.toString());
    }

    /// Writes `vocab.json` and `merges.txt`.
    public Path parts(Path folder) throws IOException {
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
        return Files.writeString(folder.resolve("vocab.json"), new Gson().toJson(numbers));
    }

    /// The token of a number.
    String token(long number) {
        return numbers.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
