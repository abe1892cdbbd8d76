package org.picket.model.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.TensorProto;

/// Writes a model as one file, its weights from wherever they lie; they go from file to file.
final class ModelFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Map<String, FileChannel> weights = new HashMap<>();
    private final FileChannel to;
    private final CodedOutputStream out;

    private ModelFile(FileChannel to, List<Path> files) throws IOException {
        this.to = to;
        OutputStream bytes = Channels.newOutputStream(to);
        this.out = CodedOutputStream.newInstance(bytes, BUFFER);
        for (Path file : files) {
            weights.put(String.valueOf(file.getFileName()), FileChannel.open(file));
        }
    }

    static void write(ModelProto model, List<Path> files, Path file) throws IOException {
        try (FileChannel to = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ModelFile writer = new ModelFile(to, files)) {
            writer.write(model);
        }
    }

    private void write(ModelProto model) throws IOException {
        model.toBuilder().clearGraph().build().writeTo(out);
        GraphProto rest = model.getGraph().toBuilder().clearInitializer().build();
        long bytes = rest.getSerializedSize();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            long size = size(tensor);
            bytes += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER)
                    + CodedOutputStream.computeUInt64SizeNoTag(size)
                    + size;
        }
        begin(ModelProto.GRAPH_FIELD_NUMBER, bytes);
        rest.writeTo(out);
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            begin(GraphProto.INITIALIZER_FIELD_NUMBER, size(tensor));
            write(tensor);
        }
        out.flush();
    }

    private static long size(TensorProto tensor) {
        if (!PlacedWeights.has(tensor)) {
            return tensor.getSerializedSize();
        }
        long length = PlacedWeights.of(tensor).length();
        return head(tensor).getSerializedSize()
                + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
                + CodedOutputStream.computeUInt64SizeNoTag(length)
                + length;
    }

    private static TensorProto head(TensorProto tensor) {
        return tensor.toBuilder().clearExternalData().clearDataLocation().build();
    }

    private void begin(int field, long bytes) throws IOException {
        // A length-delimited field, whatever it holds.
        out.writeTag(field, 2);
        out.writeUInt64NoTag(bytes);
    }

    private void write(TensorProto tensor) throws IOException {
        if (!PlacedWeights.has(tensor)) {
            tensor.writeTo(out);
            return;
        }
        PlacedWeights placed = PlacedWeights.of(tensor);
        head(tensor).writeTo(out);
        begin(TensorProto.RAW_DATA_FIELD_NUMBER, placed.length());
        out.flush();
        FileChannel from = weights.get(placed.file());
        for (long done = 0; done < placed.length(); ) {
            long moved = from.transferTo(placed.offset() + done, placed.length() - done, to);
            if (moved <= 0) {
                throw new EOFException(placed.file() + " has become shorter");
            }
            done += moved;
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : weights.values()) {
            channel.close();
        }
    }
}
