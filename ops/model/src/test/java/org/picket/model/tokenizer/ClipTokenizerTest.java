package org.picket.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.picket.model.graph.ModelFault;
import org.picket.model.scene.Dice;

class ClipTokenizerTest {
    private static final SmallVocabulary VOCABULARY = new SmallVocabulary(120);
    private static final List<String> PIECES = List.of(
            "a",
            "photo",
            "Lighthouse",
            "SNOW",
            "'s",
            "'T",
            "'re",
            "'VE",
            "'m",
            "'ll",
            "'d",
            "'",
            "''",
            "\u2019s",
            "12",
            "\u0663",
            "\u00b2",
            "\u2167",
            "caf\u00e9",
            "cafe\u0301",
            "\u0130stanbul",
            "\u039f\u03a3",
            "\u00df",
            "\u1e9e",
            "\u01c5",
            "\ufb01",
            "\u4e2d\u6587",
            "\u0e17\u0e35\u0e48",
            "\u0915\u094d\u0937",
            "\ud83d\ude00",
            "\ud83d\udc69\u200d\ud83d\udcbb",
            "\u2600\ufe0f",
            "!",
            "...",
            "-",
            "_",
            "\"",
            "<",
            "|>",
            "/w>",
            "</w>",
            "#",
            "\u00a0",
            "\u2003",
            "\u3000",
            "\u0085",
            "\u200b",
            "\ufeff",
            "\u00ad",
            "\t",
            "\n",
            "\r\n",
            " ",
            "  ",
            "\u0001",
            "\u001c",
            "\u180e",
            "\u2028",
            "e\u0323\u0302",
            "\u1100\u1161",
            "\uac00",
            "\u0345",
            "K",
            "\u212a",
            "\ud835\udc00");

    @TempDir
    Path folder;

    static {
        // The other tokenizer must neither ask a server for a build for a graphics card nor write into the home folder.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty(
                "DJL_CACHE_DIR", Path.of("target", "djl").toAbsolutePath().toString());
    }

    @Test
    void numbersAreThoseOfTheExportsOwnTokenizer() throws IOException {
        Path file = VOCABULARY.whole(folder);
        ClipTokenizer ours = TokenizerFiles.read(file).tokenizer();
        Dice dice = new Dice(77);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(
                file, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true"))) {
            for (int text = 0; text < 3_000; text++) {
                StringBuilder made = new StringBuilder();
                int pieces = dice.whole(0, 12);
                for (int piece = 0; piece < pieces; piece++) {
                    made.append(PIECES.get(dice.whole(0, PIECES.size() - 1))).append(dice.chance(0.5) ? " " : "");
                }
                String sentence = made.toString();
                assertArrayEquals(
                        theirs.encode(sentence).getIds(), ours.encode(sentence), () -> "for " + escaped(sentence));
            }
        }
    }

    private static String escaped(String text) {
        return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    @Test
    void bothFormsOfFilesGiveTheSameNumbers() throws IOException {
        ClipTokenizer whole = TokenizerFiles.read(VOCABULARY.whole(folder)).tokenizer();
        Path apart = Files.createDirectory(folder.resolve("apart"));
        VOCABULARY.parts(apart);
        ClipTokenizer parts = TokenizerFiles.read(apart).tokenizer();
        for (String text : PIECES) {
            assertArrayEquals(whole.encode(text), parts.encode(text));
        }
        assertEquals(VOCABULARY.size(), parts.size());
    }

    /// Frozen: worked out by hand from the published rules and the vocabulary of [#byHand].
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "low;low</w>",
                "LOW;low</w>",
                "lower;low er</w>",
                "low er;low</w> er</w>",
                "lo;lo</w>",
                "  low   low ;low</w> low</w>",
                "low.;low</w> .</w>",
                "low...;low</w> . . .</w>",
                "it's;i t</w> 's</w>",
                "'s;'s</w>",
                "l's's;l</w> 's</w> 's</w>",
                "!'s;! '</w> s</w>",
                "12;1</w> 2</w>",
                "l2w;l</w> 2</w> w</w>",
                "é;Ã ©</w>",
                "e\u0301;Ã ©</w>",
                "É;Ã ©</w>",
                "low\u00a0low;low</w> low</w>",
                "ww;w w</w>",
                "lowlow;low low</w>",
                "olow;o low</w>"
            })
    void edgesOfTheAlgorithmAreFrozen(String text, String tokens) throws IOException {
        SmallByHand hand = byHand();
        long[] numbers = hand.tokenizer().encode(text);
        assertEquals(hand.number("<|startoftext|>"), numbers[0]);
        assertEquals(hand.number("<|endoftext|>"), numbers[numbers.length - 1]);
        assertEquals(
                tokens,
                Arrays.stream(numbers, 1, numbers.length - 1)
                        .mapToObj(hand::token)
                        .collect(Collectors.joining(" ")));
    }

    private record SmallByHand(List<String> tokens, ClipTokenizer tokenizer) {
        long number(String token) {
            return tokens.indexOf(token);
        }

        String token(long number) {
            return tokens.get((int) number);
        }
    }

    private SmallByHand byHand() throws IOException {
        List<String> tokens = new java.util.ArrayList<>();
        for (String symbol : "l o w e r s t i . ! ' 1 2 Ã ©".split(" ")) {
            tokens.add(symbol);
            tokens.add(symbol + "</w>");
        }
        tokens.addAll(List.of("lo", "lo</w>", "low", "low</w>", "er</w>", "'s</w>"));
        tokens.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
        String vocabulary = java.util.stream.IntStream.range(0, tokens.size())
                .mapToObj(at -> "\"" + tokens.get(at) + "\":" + at)
                .collect(Collectors.joining(",", "{", "}"));
        Files.writeString(folder.resolve("vocab.json"), vocabulary);
        // "lo w" before "o w</w>": rank, not place, decides.
        Files.writeString(
                folder.resolve("merges.txt"), "#version: 0.2\nl o\nlo w</w>\nlo w\ne r</w>\n' s</w>\nl o</w>\n");
        return new SmallByHand(tokens, TokenizerFiles.read(folder).tokenizer());
    }

    @Test
    void emptyTextIsStartAndEnd() throws IOException {
        SmallByHand hand = byHand();
        assertArrayEquals(
                new long[] {hand.number("<|startoftext|>"), hand.number("<|endoftext|>")},
                hand.tokenizer().encode(" \n "));
    }

    @Test
    void marksAndEndlessTextsAreRefused() throws IOException {
        ClipTokenizer tokenizer = byHand().tokenizer();
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("low <|endoftext|>"));
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("l".repeat(5_000)));
    }

    @Test
    void anotherKindOfTokenizerIsRefusedInWords() throws IOException {
        Path file = VOCABULARY.whole(folder);
        String whole = Files.readString(file);
        for (Map.Entry<String, String> change : Map.of(
                        "\"end_of_word_suffix\":\"</w>\"", "\"end_of_word_suffix\":\"\"",
                        "\"Lowercase\"", "\"NFKC\"",
                        "[\\\\p{N}]|", "[\\\\p{N}]+|",
                        "\"merges\"", "\"other\"",
                        "\"type\":\"BPE\"", "\"type\":\"BPE\",")
                .entrySet()) {
            String altered = whole.replace(change.getKey(), change.getValue());
            assertTrue(!altered.equals(whole), change.getKey());
            Files.writeString(file, altered);
            ModelFault fault = assertThrows(ModelFault.class, () -> TokenizerFiles.read(file), change.getKey());
            assertTrue(fault.getMessage().contains("CLIP"), fault.getMessage());
        }
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(assertThrows(ModelFault.class, () -> TokenizerFiles.read(empty))
                .getMessage()
                .contains("no tokenizer.json"));
    }
}
