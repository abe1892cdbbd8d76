package org.picket.model.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.model.onnx.TensorProto;

/// Where the elements of a tensor lie that are not in the model itself.
///
/// @param file name of a file in the model's folder
/// @param offset of the first byte in it
/// @param length bytes
record PlacedWeights(String file, long offset, long length) {
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";

    static boolean has(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.Location.EXTERNAL;
    }

    /// As the tensor says.
    ///
    /// @throws NumberFormatException where it says it in no numbers
    static PlacedWeights of(TensorProto tensor) {
        Map<String, String> entries = new HashMap<>();
        tensor.getExternalDataList().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return new PlacedWeights(
                entries.getOrDefault(LOCATION, ""),
                Long.parseLong(entries.getOrDefault(OFFSET, "0")),
                Optional.ofNullable(entries.get(LENGTH)).map(Long::parseLong).orElseGet(() -> bytes(tensor)));
    }

    /// Exporters may leave the length to the shape.
    private static long bytes(TensorProto tensor) {
        long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
        return ElementType.of(tensor.getDataType())
                .map(type -> Math.multiplyExact(elements, (long) type.bytes()))
                .orElseThrow(() -> new NumberFormatException("no length"));
    }

    /// Says so in a tensor.
    TensorProto.Builder in(TensorProto.Builder tensor) {
        return tensor.setDataLocation(TensorProto.Location.EXTERNAL)
                .clearExternalData()
                .addExternalData(entry(LOCATION, file))
                .addExternalData(entry(OFFSET, String.valueOf(offset)))
                .addExternalData(entry(LENGTH, String.valueOf(length)));
    }

    private static TensorProto.Entry entry(String key, String value) {
        return TensorProto.Entry.newBuilder().setKey(key).setValue(value).build();
    }
}
