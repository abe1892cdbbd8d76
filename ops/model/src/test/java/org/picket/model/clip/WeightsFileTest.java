package org.picket.model.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.picket.model.graph.ModelFault;

class WeightsFileTest {
    @TempDir
    private Path folder;

    @Test
    void halvesAreRead() throws IOException {
        Path file = file("F16", "[2]", "0", (short) 0x3c00, (short) 0xc000);
        assertArrayEquals(
                new float[] {1f, -2f}, new WeightsFile(file).tensor("w").values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[1000000000]; 0",
                "[-1]; 0",
                "[0]; 0",
                "[65536, 65536]; 0",
                "[1]; 9223372036854775807",
                "[1]; 9223372036854775800",
                "[1]; 4",
                "[1]; -1",
            })
    void whatLiesOutsideTheFileIsRefusedBeforeItIsMade(String shape, String from) throws IOException {
        Path file = file("F16", shape, from, (short) 0x3c00, (short) 0xc000);
        assertThrows(ModelFault.class, () -> new WeightsFile(file).tensor("w"));
    }

    private Path file(String type, String shape, String from, short... elements) throws IOException {
        byte[] header = ("{\"w\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[" + from
                        + ",4]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + elements.length * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        for (short element : elements) {
            bytes.putShort(element);
        }
        return Files.write(folder.resolve("w.safetensors"), bytes.array());
    }
}
