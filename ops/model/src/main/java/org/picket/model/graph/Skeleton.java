package org.picket.model.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.TensorProto;

/// Reads a model without its large weights: they are passed over, and stand in the model as the format has it
/// for weights in other files, with the model's own file for a place. A model of a gigabyte so takes no more
/// memory than its operations do.
final class Skeleton {
    /// Smaller weights stay in the model.
    private static final int LARGE = 1_024;

    /// What is kept of a file, weights left out: operations, names, small constants. Bounds the heap, of which
    /// reading takes some four times as much.
    static final long MOST_KEPT = 64L << 20;

    /// What the smallest field costs.
    private static final int FIELD = 64;

    private static final int BUFFER = 1 << 16;
    private static final int GRAPH = tag(ModelProto.GRAPH_FIELD_NUMBER);
    private static final int INITIALIZER = tag(GraphProto.INITIALIZER_FIELD_NUMBER);
    private static final int RAW_DATA = tag(TensorProto.RAW_DATA_FIELD_NUMBER);

    private final CodedInputStream in;
    private final Path file;
    private final String place;
    private long kept;

    private Skeleton(CodedInputStream in, Path file) {
        this.in = in;
        this.file = file;
        this.place = String.valueOf(file.getFileName());
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /// @throws InvalidProtocolBufferException if the file is no model
    /// @throws ModelFault if more than weights is large in it
    static ModelProto read(Path file) throws IOException {
        try (FileInputStream bytes = new FileInputStream(file.toFile())) {
            CodedInputStream in = CodedInputStream.newInstance(bytes, BUFFER);
            return ModelProto.parseFrom(new Skeleton(in, file).model());
        }
    }

    private ByteString model() throws IOException {
        UnknownFieldSet.Builder model = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == GRAPH) {
                int outer = in.pushLimit(in.readRawVarint32());
                add(model, ModelProto.GRAPH_FIELD_NUMBER, graph());
                in.popLimit(outer);
            } else {
                copy(tag, model);
            }
        }
        return model.build().toByteString();
    }

    private ByteString graph() throws IOException {
        UnknownFieldSet.Builder graph = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == INITIALIZER) {
                int outer = in.pushLimit(in.readRawVarint32());
                add(graph, GraphProto.INITIALIZER_FIELD_NUMBER, tensor());
                in.popLimit(outer);
            } else {
                copy(tag, graph);
            }
        }
        return graph.build().toByteString();
    }

    private ByteString tensor() throws IOException {
        UnknownFieldSet.Builder tensor = UnknownFieldSet.newBuilder();
        Optional<PlacedWeights> placed = Optional.empty();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == RAW_DATA) {
                int length = in.readRawVarint32();
                if (length < LARGE) {
                    keep(length);
                    ByteString small = ByteString.copyFrom(in.readRawBytes(length));
                    add(tensor, TensorProto.RAW_DATA_FIELD_NUMBER, small);
                } else {
                    placed = Optional.of(new PlacedWeights(place, in.getTotalBytesRead(), length));
                    in.skipRawBytes(length);
                }
            } else {
                copy(tag, tensor);
            }
        }
        ByteString head = tensor.build().toByteString();
        return placed.isPresent()
                ? placed.get()
                        .in(TensorProto.parseFrom(head).toBuilder())
                        .build()
                        .toByteString()
                : head;
    }

    private void add(UnknownFieldSet.Builder message, int field, ByteString value) {
        keep(0);
        message.mergeField(
                field,
                UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
    }

    /// Counts before anything is made as large as the file says.
    private void keep(long bytes) {
        kept += FIELD + bytes;
        if (kept > MOST_KEPT) {
            throw new ModelFault(file + " has more than " + MOST_KEPT
                    + " bytes beside the raw data of its weights: it keeps them in operations or as single numbers."
                    + " Export it again with its weights as initializers.");
        }
    }

    private void copy(int tag, UnknownFieldSet.Builder message) throws IOException {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                int length = in.readRawVarint32();
                keep(Math.max(0, length));
                add(message, WireFormat.getTagFieldNumber(tag), ByteString.copyFrom(in.readRawBytes(length)));
            }
            case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
                throw new InvalidProtocolBufferException("a group, which the format has none of");
            default -> {
                keep(0);
                message.mergeFieldFrom(tag, in);
            }
        }
    }
}
