package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.Build;
import org.picket.proto.v1.CoordinatorRow;
import org.picket.proto.v1.Lane;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.ScanRow;
import org.picket.proto.v1.StorageRow;

/// Who may see a storage's pictures, what its scan waits in, and which Pickets there are, in words of the status. Pure.
final class StatusWords {
    /// Parts of a circle that people are shown.
    private static final int PARTS = 6;

    private StatusWords() {}

    /// As settings have it.
    static String circle(StorageRow storage) {
        List<String> entries = entries(storage);
        return entries.isEmpty() ? Circle.OPEN : String.join(",", entries);
    }

    /// So much as people read in a line.
    static String shortCircle(StorageRow storage) {
        List<String> entries = entries(storage);
        if (entries.isEmpty()) {
            return Circle.OPEN;
        }
        List<String> shown = new ArrayList<>(entries.subList(0, Math.min(PARTS, entries.size())));
        if (entries.size() > PARTS) {
            shown.add("… and " + (entries.size() - PARTS) + " more");
        }
        return String.join(", ", shown);
    }

    /// A circle that this release does not understand is told as one, not as nothing.
    private static List<String> entries(StorageRow storage) {
        if (!storage.hasCircle()) {
            return List.of();
        }
        try {
            return Circle.of(storage.getCircle()).entries();
        } catch (IllegalArgumentException _) {
            return List.of("(not known to this release)");
        }
    }

    /// Empty: of a coordinator that does not say.
    static String lane(ScanRow scan) {
        return scan.getLane() == Lane.FRESH || scan.getLane() == Lane.BULK
                ? scan.getLane().name().toLowerCase(Locale.ROOT)
                : "";
    }

    static String build(Build build) {
        return (build.getRelease().isEmpty() ? "a release that is not told" : "Picket " + build.getRelease())
                + ", contract " + build.getContract();
    }

    /// Which Picket answers, and how many others are another one.
    static List<String> builds(LookResponse answer) {
        if (!answer.hasBuild()) {
            return List.of();
        }
        List<String> parts = new ArrayList<>(List.of(build(answer.getBuild())));
        long members = answer.getMembersList().stream()
                .filter(member -> member.hasBuild() && !member.getBuild().equals(answer.getBuild()))
                .count();
        if (members > 0) {
            parts.add(members + (members == 1 ? " member is" : " members are") + " another");
        }
        long coordinators = answer.getCoordinatorsList().stream()
                .filter(one -> !one.getBuild().equals(answer.getBuild()))
                .count();
        if (coordinators > 0) {
            parts.add(coordinators + (coordinators == 1 ? " coordinator is" : " coordinators are") + " another");
        }
        return List.of(String.join(" · ", parts));
    }

    /// A line for one of several.
    static String coordinator(CoordinatorRow row) {
        return "  " + (row.getAddress().isEmpty() ? "at an address that is not told" : row.getAddress()) + "  "
                + build(row.getBuild()) + "  seen " + StatusScreen.span(row.getSeen()) + " ago";
    }
}
