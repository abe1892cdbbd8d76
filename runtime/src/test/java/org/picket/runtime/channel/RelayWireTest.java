package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.RelayPart;

/// What is written by hand reads as the generated class writes it, and the other way round.
class RelayWireTest {
    private static RelayPiece parse(byte[] bytes) {
        return RelayWire.OPEN.parseResponse(new ByteArrayInputStream(bytes));
    }

    private static byte[] content(RelayPiece piece) {
        RelayPiece.Frame frame = assertInstanceOf(RelayPiece.Frame.class, piece);
        return Arrays.copyOf(frame.array(), frame.length());
    }

    @Test
    void framesAreThoseOfTheContract() throws IOException {
        for (int length : List.of(0, 1, 127, 128, 5_000, 150_528)) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) length);
            for (boolean last : List.of(true, false)) {
                RelayPart part = RelayPart.newBuilder()
                        .setLast(last)
                        .setFrame(ByteString.copyFrom(bytes))
                        .build();
                RelayPiece read = parse(part.toByteArray());
                assertArrayEquals(bytes, content(read));
                assertEquals(last, ((RelayPiece.Frame) read).last());
                try (InputStream written = RelayWire.OPEN.streamResponse(read)) {
                    assertEquals(part, RelayPart.parseFrom(written.readAllBytes()));
                }
            }
        }
    }

    @Test
    void otherPartsPassAsTheyAre() {
        RelayPart credit = RelayPart.newBuilder().setCreditBytes(7).build();
        assertEquals(new RelayPiece.Word(credit), parse(credit.toByteArray()));
        assertEquals(new RelayPiece.Word(RelayPart.getDefaultInstance()), parse(new byte[0]));
    }

    @Test
    void whatIsTooLargeOrCutShortIsRefused() {
        byte[] frame = RelayPart.newBuilder()
                .setFrame(ByteString.copyFrom(new byte[100]))
                .build()
                .toByteArray();
        for (int length = 1; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThrows(StatusRuntimeException.class, () -> parse(cut));
        }
        byte[] announced = {(byte) RelayReader.FRAME_TAG, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f};
        assertThrows(StatusRuntimeException.class, () -> parse(announced), "more than " + Limits.RELAY_PART_BYTES);
        byte[] word = RelayPart.newBuilder()
                .setRefusal(org.picket.proto.v1.RelayRefusal.newBuilder().setDescription("x".repeat(70_000)))
                .build()
                .toByteArray();
        assertThrows(StatusRuntimeException.class, () -> parse(word));
    }
}
