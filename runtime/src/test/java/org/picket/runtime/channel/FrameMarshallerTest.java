package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.SegmentEnd;
import org.picket.proto.v1.SupplyEnd;
import org.picket.proto.v1.ViewChunk;
import org.picket.proto.v1.ViewMessage;

class FrameMarshallerTest {
    private static final long SEED = 20_261_121;
    private static final int CASES = 2_000;
    private final FrameMarshaller marshaller = new FrameMarshaller(new PixelPool(4));

    @Test
    void everyFrameIsWrittenAsTheGeneratedClassWritesIt() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            ViewFrame frame = frame(random);
            byte[] expected = generated(frame).toByteArray();
            assertArrayEquals(expected, marshaller.stream(frame).readAllBytes(), "read " + frame);
            ByteArrayOutputStream drained = new ByteArrayOutputStream();
            FrameStream stream = (FrameStream) marshaller.stream(frame);
            assertEquals(expected.length, stream.available(), "announced length of " + frame);
            stream.drainTo(drained);
            assertArrayEquals(expected, drained.toByteArray(), "drained " + frame);
            assertEquals(0, stream.available());
        }
    }

    @Test
    void everyGeneratedMessageIsReadAsItsFrame() {
        Random random = new Random(SEED + 1);
        for (int i = 0; i < CASES; i++) {
            ViewFrame frame = frame(random);
            same(
                    frame,
                    marshaller.parse(new ByteArrayInputStream(generated(frame).toByteArray())));
        }
    }

    @Test
    void fieldsOfLaterVersionsArePassedOver() {
        UnknownFieldSet later = UnknownFieldSet.newBuilder()
                .addField(
                        100,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(Long.MAX_VALUE)
                                .build())
                .addField(
                        101,
                        UnknownFieldSet.Field.newBuilder()
                                .addFixed32(7)
                                .addFixed64(8)
                                .build())
                .addField(
                        102,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .build();
        ViewMessage message = ViewMessage.newBuilder()
                .setChunk(ViewChunk.newBuilder()
                        .setOrdinal(300)
                        .setPixels(ByteString.copyFrom(new byte[] {1, 2, 3}))
                        .setUnknownFields(later))
                .setUnknownFields(later)
                .build();
        ViewFrame expected = new ViewFrame.Chunk(300, 0, Pixels.of(new byte[] {1, 2, 3}));
        same(expected, marshaller.parse(new ByteArrayInputStream(message.toByteArray())));
    }

    @Test
    void cutOffMessagesAreRefused() {
        ViewFrame frame = new ViewFrame.Chunk(300, 2, Pixels.of(new byte[300]));
        byte[] whole = generated(frame).toByteArray();
        for (int length = 0; length < whole.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
            assertThrows(StatusRuntimeException.class, () -> marshaller.parse(cut), "cut after byte " + length);
        }
    }

    @Test
    void lengthsBeyondTheLimitAreRefusedBeforeAnyArrayIsMade() {
        byte[] huge = {WireTag.CHUNK, 20, WireTag.CHUNK_PIXELS, -1, -1, -1, -1, 7, 0, 0};
        assertThrows(StatusRuntimeException.class, () -> marshaller.parse(new ByteArrayInputStream(huge)));
        byte[] negative = {WireTag.CHUNK, 20, WireTag.CHUNK_PIXELS, -1, -1, -1, -1, 15, 0, 0};
        assertThrows(StatusRuntimeException.class, () -> marshaller.parse(new ByteArrayInputStream(negative)));
    }

    @Test
    void frameWithinOneProcessIsTheSameObject() {
        ViewFrame frame = new ViewFrame.Chunk(1, 0, Pixels.of(new byte[3]));
        assertSame(frame, marshaller.parse(marshaller.stream(frame)));
    }

    @Test
    void releasedArraysAreUsedAgain() {
        byte[] message =
                generated(new ViewFrame.Chunk(1, 0, Pixels.of(new byte[64]))).toByteArray();
        Pixels first = pixels(marshaller.parse(new ByteArrayInputStream(message)));
        first.release();
        assertSame(
                first.array(),
                pixels(marshaller.parse(new ByteArrayInputStream(message))).array());
    }

    private static Pixels pixels(ViewFrame frame) {
        return assertInstanceOf(ViewFrame.Chunk.class, frame).pixels();
    }

    private static ViewFrame frame(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> {
                byte[] pixels = new byte[random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(70_000)];
                random.nextBytes(pixels);
                yield new ViewFrame.Chunk(number(random), random.nextInt(32), Pixels.of(pixels));
            }
            case 1 -> {
                int from = number(random) / 2;
                yield new ViewFrame.Segment(from, from + number(random) / 2);
            }
            default -> new ViewFrame.End(number(random));
        };
    }

    private static int number(Random random) {
        return random.nextInt() >>> 1 + random.nextInt(31);
    }

    private static ViewMessage generated(ViewFrame frame) {
        return switch (frame) {
            case ViewFrame.Chunk chunk ->
                ViewMessage.newBuilder()
                        .setChunk(ViewChunk.newBuilder()
                                .setOrdinal(chunk.ordinal())
                                .setView(chunk.view())
                                .setPixels(ByteString.copyFrom(chunk.pixels().array())))
                        .build();
            case ViewFrame.Segment segment ->
                ViewMessage.newBuilder()
                        .setSegment(
                                SegmentEnd.newBuilder().setFrom(segment.from()).setTo(segment.to()))
                        .build();
            case ViewFrame.End end ->
                ViewMessage.newBuilder()
                        .setEnd(SupplyEnd.newBuilder().setObjects(end.objects()))
                        .build();
        };
    }

    private static void same(ViewFrame expected, ViewFrame actual) {
        if (expected instanceof ViewFrame.Chunk chunk && actual instanceof ViewFrame.Chunk read) {
            assertEquals(chunk.ordinal(), read.ordinal());
            assertEquals(chunk.view(), read.view());
            assertArrayEquals(chunk.pixels().array(), read.pixels().array());
            return;
        }
        assertEquals(expected, actual);
    }
}
