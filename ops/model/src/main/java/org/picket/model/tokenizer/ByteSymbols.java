package org.picket.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The symbols that byte-level vocabularies write bytes with: printable bytes of Latin-1 stand for themselves,
/// the others, in their order, for the characters from U+0100 on. (Published with GPT-2, taken over by CLIP.)
final class ByteSymbols {
    private static final String[] SYMBOLS = symbols();

    private ByteSymbols() {}

    private static String[] symbols() {
        String[] symbols = new String[256];
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE && value <= 0xFF;
            symbols[value] = Character.toString(printable ? value : next++);
        }
        return symbols;
    }

    /// One symbol for each UTF-8 byte of a word.
    static List<String> of(String word) {
        List<String> symbols = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(SYMBOLS[value & 0xFF]);
        }
        return symbols;
    }
}
