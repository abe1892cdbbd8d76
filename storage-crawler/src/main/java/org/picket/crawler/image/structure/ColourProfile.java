package org.picket.crawler.image.structure;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Whether a profile (ICC.1:2022) leaves a picture much as it is stored: see [Shades].
///
/// A profile of three colours or of grey is held to be harmless if each of its curves rises and stays near that
/// of sRGB, and if its colours are roughly red, green and blue and make white together. One that says it by tables
/// over all colours at once is not read, and so not believed. One of four inks is passed over: such pictures are
/// converted plainly here, whatever their profile says.
final class ColourProfile {

    private static final int SPACE_AT = 16;
    private static final int TAGS_AT = 128;
    private static final int TAG_BYTES = 12;
    private static final int MAX_TAGS = 1_000;

    private static final int STEPS = 256;
    /// How far a shade may move, of 1.
    private static final double MOVE = 0.15;
    private static final double[] DARKEST = bounds(-MOVE);
    private static final double[] BRIGHTEST = bounds(MOVE);
    private static final double ROUNDING = 1e-4;
    private static final double ONE = 65_536;

    /// From the profile's light (XYZ at D50) to linear sRGB.
    private static final double[][] TO_SRGB = {
        {3.1338561, -1.6168667, -0.4906146},
        {-0.9787684, 1.9161415, 0.0334540},
        {0.0719453, -0.2289914, 1.4052427}
    };
    /// How much of its own colour and of the other two a primary may have: ProPhoto has 2.03 and -0.79.
    private static final double LEAST_OWN = 0.5;

    private static final double MOST_OWN = 2.5;
    private static final double MOST_OTHER = 1.0;
    /// How far white may be off, which old profiles tell without adapting it.
    private static final double WHITE = 0.4;

    private final Octets octets;
    private final Map<String, Integer> tags = new HashMap<>();

    private ColourProfile(Octets octets) {
        this.octets = octets;
    }

    /// @throws FlawedObject [Flaw#RECOLOURED] if it changes the picture much, or cannot be read
    static void check(Octets octets) {
        try {
            new ColourProfile(octets).check();
        } catch (FlawedObject unreadable) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
    }

    private void check() {
        String space = octets.ascii(SPACE_AT, 4);
        if (space.equals("CMYK")) {
            return;
        }
        readTags();
        require(tags.keySet().stream().noneMatch(tag -> tag.startsWith("A2B") || tag.startsWith("D2B")));
        if (space.equals("GRAY")) {
            checkCurve(tag("kTRC"));
            return;
        }
        require(space.equals("RGB "));
        int red = tag("rTRC");
        checkCurve(red);
        for (String other : new String[] {"gTRC", "bTRC"}) {
            // Most profiles have one curve for all.
            if (tag(other) != red) {
                checkCurve(tag(other));
            }
        }
        checkPrimaries(new double[][] {light("rXYZ"), light("gXYZ"), light("bXYZ")});
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
    }

    private void readTags() {
        long count = octets.u32(TAGS_AT);
        require(count <= MAX_TAGS);
        for (int i = 0; i < count; i++) {
            int at = TAGS_AT + 4 + TAG_BYTES * i;
            long offset = octets.u32(at + 4);
            require(offset < octets.length());
            // Readers differ in which of two they take.
            require(tags.put(octets.ascii(at, 4), (int) offset) == null);
        }
    }

    private int tag(String name) {
        return Optional.ofNullable(tags.get(name)).orElseThrow(() -> new FlawedObject(Flaw.RECOLOURED));
    }

    private double[] light(String name) {
        int at = tag(name);
        require(octets.spells(at, "XYZ "));
        return new double[] {fixed(at + 8), fixed(at + 12), fixed(at + 16)};
    }

    private double fixed(int at) {
        return (int) octets.u32(at) / ONE;
    }

    private static void checkPrimaries(double[][] primaries) {
        for (int row = 0; row < 3; row++) {
            double white = 0;
            for (int primary = 0; primary < 3; primary++) {
                double share = 0;
                for (int i = 0; i < 3; i++) {
                    share += TO_SRGB[row][i] * primaries[primary][i];
                }
                white += share;
                require(row == primary ? share >= LEAST_OWN && share <= MOST_OWN : Math.abs(share) <= MOST_OTHER);
            }
            require(Math.abs(white - 1) <= WHITE);
        }
    }

    private void checkCurve(int at) {
        double before = -ROUNDING;
        for (int i = 0; i < STEPS; i++) {
            double light = curve(at, i / (STEPS - 1.0));
            require(light >= DARKEST[i] - ROUNDING && light <= BRIGHTEST[i] && light >= before);
            before = light;
        }
    }

    private double curve(int at, double shade) {
        if (octets.spells(at, "curv")) {
            return table(at, shade);
        }
        require(octets.spells(at, "para"));
        return parametric(at, shade);
    }

    /// ICC.1, 10.6: none, a gamma, or a table of lights.
    private double table(int at, double shade) {
        long count = octets.u32(at + 8);
        if (count == 0) {
            return shade;
        }
        if (count == 1) {
            return Math.pow(shade, octets.u16(at + 12) / 256.0);
        }
        require(count <= octets.length());
        double place = shade * (count - 1);
        int low = (int) place;
        int high = (int) Math.min(low + 1L, count - 1);
        double below = octets.u16(at + 12 + 2 * low);
        double above = octets.u16(at + 12 + 2 * high);
        return (below + (above - below) * (place - low)) / (ONE - 1);
    }

    /// ICC.1, 10.18.
    private double parametric(int at, double shade) {
        int kind = octets.u16(at + 8);
        int[] counts = {1, 3, 4, 5, 7};
        require(kind < counts.length);
        double[] p = new double[7];
        for (int i = 0; i < counts[kind]; i++) {
            p[i] = fixed(at + 12 + 4 * i);
        }
        double gamma = p[0];
        double raised = Math.pow(Math.max(0, p[1] * shade + p[2]), gamma);
        return switch (kind) {
            case 0 -> Math.pow(shade, gamma);
            case 1 -> shade >= -p[2] / p[1] ? raised : 0;
            case 2 -> shade >= -p[2] / p[1] ? raised + p[3] : p[3];
            case 3 -> shade >= p[4] ? raised : p[3] * shade;
            default -> shade >= p[4] ? raised + p[5] : p[3] * shade + p[6];
        };
    }

    /// The light of each shade that was moved, by the curve of sRGB (IEC 61966-2-1).
    private static double[] bounds(double move) {
        double[] bounds = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            double shade = i / (STEPS - 1.0) + move;
            bounds[i] = shade <= 0.04045 ? Math.max(0, shade) / 12.92 : Math.pow((shade + 0.055) / 1.055, 2.4);
        }
        return bounds;
    }
}
