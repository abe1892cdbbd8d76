package org.picket.model.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// CLIP's tokenizer, as the `tokenizer.json` of Hugging Face exports describes it: text is normalised to NFC,
/// runs of white space become one blank, every character is lower-cased by itself; words, single digits, runs of
/// other signs and English contractions are cut out; each is written in byte symbols, its last one marked, and
/// neighbours are joined, the highest-ranked pair first and the leftmost among equals, until none can be.
///
/// It differs from the first publication of CLIP in what that one had mended before (mis-decoded text, HTML
/// entities), and where a Greek sigma ends a word: it goes by the exports, since those are what is run.
/// Immutable; safe for any thread.
public final class ClipTokenizer {
    /// Begins every text.
    public static final String START = "<|startoftext|>";

    /// Ends every text.
    public static final String END = "<|endoftext|>";

    /// Tokens of the longest text that CLIP reads, start and end included.
    public static final int MAX_TOKENS = 77;

    /// A text may have no more characters: bounds the work, which grows with the square of a word's length.
    public static final int MAX_CHARACTERS = 4_096;

    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /// The exports' own pattern.
    static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private static final Pattern WORD = Pattern.compile(WORDS, Pattern.UNICODE_CHARACTER_CLASS);

    private final Vocabulary vocabulary;
    private final int start;
    private final int end;

    ClipTokenizer(Vocabulary vocabulary, int start, int end) {
        this.vocabulary = vocabulary;
        this.start = start;
        this.end = end;
    }

    /// How many different tokens there are.
    public int size() {
        return vocabulary.size();
    }

    /// The number that ends a text, and fills one up to a fixed length.
    public int end() {
        return end;
    }

    /// The numbers of a text with start and end; as many as there are, never cut.
    ///
    /// @throws IllegalArgumentException if the text is too long, or has one of the marks in it
    public long[] encode(String text) {
        String normal = text.length() > MAX_CHARACTERS ? "" : normalised(text);
        // The exports look for marks in what is lower-cased already.
        if (text.length() > MAX_CHARACTERS || normal.contains(START) || normal.contains(END)) {
            throw new IllegalArgumentException(
                    "a text has at most " + MAX_CHARACTERS + " characters, and neither " + START + " nor " + END);
        }
        List<Integer> numbers = new ArrayList<>(List.of(start));
        Matcher words = WORD.matcher(normal);
        while (words.find()) {
            for (String token : joined(words.group())) {
                // What the vocabulary lacks counts as the end mark, as in the exports.
                numbers.add(vocabulary.number(token).orElse(end));
            }
        }
        numbers.add(end);
        return numbers.stream().mapToLong(Integer::longValue).toArray();
    }

    private static String normalised(String text) {
        String spaced =
                SPACE.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll(" ");
        StringBuilder lower = new StringBuilder();
        // One by one, for the case of a character depends on its neighbours otherwise.
        spaced.codePoints()
                .forEach(character -> lower.append(Character.toString(character).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private List<String> joined(String word) {
        List<String> symbols = ByteSymbols.of(word);
        symbols.set(symbols.size() - 1, symbols.getLast() + Vocabulary.END_OF_WORD);
        while (symbols.size() > 1) {
            int best = Integer.MAX_VALUE;
            int place = -1;
            for (int at = 0; at + 1 < symbols.size(); at++) {
                int rank = vocabulary.rank(symbols.get(at), symbols.get(at + 1));
                if (rank < best) {
                    best = rank;
                    place = at;
                }
            }
            if (place < 0) {
                break;
            }
            symbols.set(place, symbols.get(place) + symbols.remove(place + 1));
        }
        return symbols;
    }
}
