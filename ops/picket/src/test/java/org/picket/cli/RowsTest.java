package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.Finding;
import org.picket.runtime.terminal.Amounts;

/// Keys are somebody's uploads: what is printed of them must not be taken for anything else.
class RowsTest {
    @Test
    void csvQuotesAndDefusesFormulas() {
        assertTrue(FindingRows.csv(finding("=HYPERLINK(1)")).contains(",'=HYPERLINK(1),"));
        assertTrue(FindingRows.csv(finding("a,\"b\"")).contains(",\"a,\"\"b\"\"\","));
        assertEquals(
                FindingRows.CSV_HEADER.split(",").length,
                FindingRows.csv(finding("a/b.png")).split(",", -1).length);
    }

    @Test
    void terminalSeesNoControlCharacters() {
        String text = FindingRows.text(finding("a\u001b[2Jb\u202ec"));
        assertFalse(text.contains("\u001b"));
        assertFalse(text.contains("\u202e"));
    }

    @Test
    void jsonEscapesWhatItMust() {
        assertEquals(
                "{\"a\":\"x\\\"\\\\\\n\\u001b\\ud800\",\"n\":-3,\"d\":0.25,\"b\":true}",
                new Json()
                        .put("a", "x\"\\\n\u001b\ud800")
                        .put("n", -3)
                        .put("d", 0.25, 4)
                        .put("b", true)
                        .toString());
    }

    @Test
    void amountsHaveUnits() {
        assertEquals("999 B", Amounts.bytes(999));
        assertEquals("14.4 MB", Amounts.bytes(14_440_691));
        assertEquals("1 h 1 min", Amounts.span(java.time.Duration.ofSeconds(3_661)));
    }

    private static Finding finding(String key) {
        return Finding.newBuilder()
                .setId(1)
                .setStorageIdentity("folder:/x")
                .setKey(key)
                .setSha256(ByteString.copyFrom(new byte[32]))
                .setCategory("test")
                .setBasis("deny list")
                .setState("OBSERVED")
                .build();
    }

    @Test
    void textsOfOthersKeepTheirLinesAndBringNoCommands() {
        assertEquals("# card\n\tcaf\u00e9 ?[2J ?2J ?", Shown.text("# card\n\tcaf\u00e9 \u001b[2J \u009b2J \u202e"));
    }
}
