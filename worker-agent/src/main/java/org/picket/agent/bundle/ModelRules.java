package org.picket.agent.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What a bundle's model may not have: weights that lie anywhere else than in it, and operations that are programs
/// for one device. The runtime would read other files of this machine for it, or memory, since a place among
/// external data can be an address; see the format's `data_location`. Walks over the model's bytes and keeps
/// nothing of them, so that one of a gigabyte costs no heap. Pure.
final class ModelRules {
    /// Messages within messages; what protobuf itself takes.
    private static final int DEEPEST = 100;

    private static final String FOREIGN = "EPContext";
    private static final int LONGEST_NAME = 64;

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private final ByteBuffer model;

    private ModelRules(ByteBuffer model) {
        this.model = model;
    }

    /// Messages of the format that may hold tensors, with the fields by which they do, by the format's numbers.
    private enum Kind {
        MODEL,
        TRAINING,
        GRAPH,
        FUNCTION,
        NODE,
        ATTRIBUTE,
        SPARSE,
        TENSOR;

        private static final Map<Kind, Map<Long, Kind>> FIELDS = Map.of(
                MODEL, Map.of(7L, GRAPH, 20L, TRAINING, 25L, FUNCTION),
                TRAINING, Map.of(1L, GRAPH, 2L, GRAPH),
                GRAPH, Map.of(1L, NODE, 5L, TENSOR, 15L, SPARSE),
                FUNCTION, Map.of(7L, NODE, 11L, ATTRIBUTE),
                NODE, Map.of(5L, ATTRIBUTE),
                ATTRIBUTE, Map.of(5L, TENSOR, 6L, GRAPH, 10L, TENSOR, 11L, GRAPH, 22L, SPARSE, 23L, SPARSE),
                SPARSE, Map.of(1L, TENSOR, 2L, TENSOR),
                TENSOR, Map.of());

        Optional<Kind> of(long field) {
            return Optional.ofNullable(FIELDS.get(this).get(field));
        }
    }

    /// A message that goes against the rules.
    private static final class Breach extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Breach(String what) {
            super(what, null, false, false);
        }
    }

    /// What is wrong with a model, or nothing.
    static Optional<String> wrong(ByteBuffer model) {
        try {
            ByteBuffer bytes = model.asReadOnlyBuffer();
            new ModelRules(bytes).message(Kind.MODEL, bytes.limit(), 0);
            return Optional.empty();
        } catch (Breach breach) {
            return Optional.of(breach.getMessage());
        }
    }

    /// Walks to where the message ends.
    private void message(Kind kind, int end, int depth) {
        if (depth > DEEPEST) {
            throw new Breach("its model has more than " + DEEPEST + " messages within each other");
        }
        while (model.position() < end) {
            long tag = varint(end);
            long field = tag >>> 3;
            // The runtime's parser cuts tags to 32 bits: what is another field here could be a graph there.
            if (tag >>> Integer.SIZE != 0 || field == 0) {
                throw broken();
            }
            switch ((int) (tag & 7)) {
                case VARINT -> {
                    if (varint(end) != 0 && kind == Kind.TENSOR && field == 14) {
                        throw elsewhere();
                    }
                }
                case FIXED_64 -> skip(Long.BYTES, end);
                case FIXED_32 -> skip(Integer.BYTES, end);
                case LENGTH -> field(kind, field, end, depth);
                default -> throw broken();
            }
        }
    }

    private void field(Kind kind, long field, int end, int depth) {
        long length = varint(end);
        if (length < 0 || length > end - model.position()) {
            throw broken();
        }
        int next = model.position() + (int) length;
        Optional<Kind> inner = kind.of(field);
        if (inner.isPresent()) {
            message(inner.get(), next, depth + 1);
        } else if (kind == Kind.TENSOR && field == 13) {
            throw elsewhere();
        } else if (kind == Kind.NODE && field == 4 && name(length).equals(FOREIGN)) {
            throw new Breach("its model has a program for one device (" + FOREIGN + ") in place of operations");
        }
        model.position(next);
    }

    private String name(long length) {
        byte[] name = new byte[(int) Math.min(length, LONGEST_NAME)];
        model.get(model.position(), name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (model.position() >= end) {
                throw broken();
            }
            byte next = model.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken();
    }

    private void skip(int bytes, int end) {
        if (bytes > end - model.position()) {
            throw broken();
        }
        model.position(model.position() + bytes);
    }

    private static Breach elsewhere() {
        return new Breach("its model takes weights from outside of the bundle");
    }

    private static Breach broken() {
        return new Breach("its model is no ONNX model");
    }
}
