package org.picket.coordinator.hashlist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.v1.ListEntry;

class ListFileTest {
    private static final String SHA256 = "ab".repeat(32);
    private static final String PDQ = "0f".repeat(32);
    private static final String MD5 = "cd".repeat(16);

    private final List<ListEntry> entries = new ArrayList<>();

    private ListFile.Read read(Optional<HashType> type, String text) throws IOException {
        return new ListFile(type, 50, entries::add).read(new BufferedReader(new StringReader(text)));
    }

    private static List<String> places(ListFile.Read read) {
        return read.faults().stream()
                .map(fault -> fault.line() + ":" + fault.column())
                .toList();
    }

    @Test
    void oneHashALineTakesTheTypeThatWasNamed() throws IOException {
        ListFile.Read read =
                read(Optional.of(HashType.SHA256), "# remark\n\n" + SHA256 + "\n  " + SHA256.toUpperCase() + "\n");
        assertEquals(new ListFile.Read(2, 0, List.of()), read);
        assertEquals(entries.get(0), entries.get(1));
        assertEquals(HashType.SHA256.code(), entries.getFirst().getTypeValue());
    }

    @Test
    void linesMayNameTheirTypeThemselves() throws IOException {
        ListFile.Read read =
                read(Optional.empty(), "pdq " + PDQ + "\nHASH_MD5 " + MD5 + "\nsha256\t" + SHA256 + "\r\n");
        assertEquals(3, read.entries());
        assertEquals(
                List.of(3, 2, 1), entries.stream().map(ListEntry::getTypeValue).toList());
    }

    @Test
    void commaSeparatedValuesAreReadByTheirHeader() throws IOException {
        ListFile.Read read = read(
                Optional.of(HashType.PDQ),
                "\uFEFFhash,quality,label,source,added_at\n" + PDQ + ",80,\"a, \"\"b\"\"\",them,2026-01-31\n" + PDQ
                        + ",49,,,\n" + PDQ + ",,,,2026-01-31T12:00:00Z\n");
        assertEquals(List.of(), read.faults());
        assertEquals(2, read.entries());
        assertEquals(1, read.poor(), "a picture of too little quality is left out");
        assertEquals(80, entries.getFirst().getQuality());
        assertEquals("a, \"b\"", entries.getFirst().getLabel());
        assertEquals(
                Instant.parse("2026-01-31T00:00:00Z").toEpochMilli(),
                entries.getFirst().getAddedMillis());
    }

    @Test
    void faultsNameLineAndColumnAndNeverTheHash() throws IOException {
        String broken = SHA256.substring(0, 10) + "x" + SHA256.substring(11);
        ListFile.Read read =
                read(Optional.of(HashType.SHA256), SHA256 + "\n" + broken + "\n " + MD5 + "\nphoto " + SHA256 + "\n");
        assertEquals(List.of("2:11", "3:34", "4:1"), places(read));
        for (Fault fault : read.faults()) {
            assertFalse(fault.message().matches(".*[0-9a-f]{12}.*"), fault.message());
        }
    }

    @Test
    void faultsOfValuesStandWhereTheirCellIs() throws IOException {
        ListFile.Read read = read(
                Optional.of(HashType.PDQ),
                "quality,hash,added_at\n101," + PDQ + ",\n80,zz,\n80," + PDQ + ",yesterday\n80,\"" + PDQ + "\n");
        assertEquals(List.of("2:1", "3:4", "4:69", "5:4"), places(read));
    }

    @Test
    void hashOfNoTypeIsAFault() throws IOException {
        assertEquals(List.of("1:1"), places(read(Optional.empty(), SHA256 + "\n")));
    }

    @Test
    void fileWithoutAHashIsAFault() throws IOException {
        assertEquals(1, read(Optional.of(HashType.MD5), "# nothing\n").faults().size());
    }

    @Test
    void faultsAreBounded() throws IOException {
        assertEquals(
                ListFile.FAULT_LIMIT,
                read(Optional.of(HashType.MD5), "x\n".repeat(1_000)).faults().size());
        assertTrue(entries.isEmpty());
    }

    /// Such as a device, or a picture that was given by mistake.
    @Test
    void textWithoutAnEndOfLineEndsTheReadingAndDoesNotFillTheHeap() throws IOException {
        Reader endless = new Reader() {
            @Override
            public int read(char[] into, int from, int length) {
                Arrays.fill(into, from, from + length, 'a');
                return length;
            }

            @Override
            public void close() {}
        };
        ListFile.Read read = new ListFile(Optional.of(HashType.SHA256), 50, entries::add).read(endless);
        assertEquals(1, read.faults().size());
        assertTrue(read.faults().getFirst().message().contains("at most 4096 characters"));
    }

    @Test
    void linesEndAsAnySystemEndsThem() throws IOException {
        for (String end : List.of("\n", "\r\n", "\r")) {
            Lines lines = new Lines(new StringReader("ab" + end + end + "c" + end + "abcd" + end + "e"), 3);
            List<String> read = new ArrayList<>();
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                read.add(line.get());
            }
            assertEquals(List.of("ab", "", "c", "abcd", "", "e"), read, () -> "for " + end.length());
        }
        String onTheEdge = "x".repeat(8_191) + "\r\ny\n";
        Lines lines = new Lines(new StringReader(onTheEdge), 10_000);
        assertEquals(8_191, lines.next().orElseThrow().length());
        assertEquals(Optional.of("y"), lines.next());
        assertEquals(Optional.empty(), lines.next());
    }
}
