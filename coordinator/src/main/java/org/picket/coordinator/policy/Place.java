package org.picket.coordinator.policy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.TextFormatParseInfoTree;
import com.google.protobuf.TextFormatParseLocation;
import java.util.List;

/// Where one message and its fields stand in the text.
record Place(Descriptor type, TextFormatParseInfoTree tree, Spot start) {

    /// Line and column, counted from 1.
    record Spot(int line, int column) {
        static final Spot TOP = new Spot(1, 1);
    }

    /// Where the field stands; for a field that is not there, where its message begins.
    Spot at(int fieldNumber) {
        return at(fieldNumber, 0);
    }

    /// Where the value number `index` of a repeated field stands. Values in brackets (`[a, b]`) share one
    /// place.
    Spot at(int fieldNumber, int index) {
        List<TextFormatParseLocation> known = tree.getLocations(type.findFieldByNumber(fieldNumber));
        if (known.isEmpty()) {
            return start;
        }
        var location = known.get(Math.min(index, known.size() - 1));
        return new Spot(location.getLine() + 1, location.getColumn() + 1);
    }

    /// The place of a nested message.
    Place in(int fieldNumber, int index) {
        var field = type.findFieldByNumber(fieldNumber);
        var nested = tree.getNestedTrees(field);
        return new Place(
                field.getMessageType(),
                index < nested.size()
                        ? nested.get(index)
                        : TextFormatParseInfoTree.builder().build(),
                at(fieldNumber, index));
    }
}
