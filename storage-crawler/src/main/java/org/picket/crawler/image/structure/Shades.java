package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Colours are looked at as they are stored, taken for sRGB. Viewers that manage colours may be told to show others: by
/// a gamma or a profile that makes a picture out of what looks black when it is decoded plainly. What is told in
/// earnest (Adobe RGB, Display P3, ProPhoto, gamma 1.8) changes the picture less than is allowed here; what changes it
/// more is [Flaw#RECOLOURED], for nobody can say then that what was looked at is what is seen.
public final class Shades {

    /// Of gamma 2.86 and of gamma 1.6, in hundred-thousandths (W3C PNG, 11.3.2.2).
    private static final long LEAST_GAMMA = 35_000;

    private static final long MOST_GAMMA = 62_500;

    /// Of ITU-T H.273, table 3: linear, and the two logarithmic ones.
    private static final int LINEAR = 8;

    private static final int LOGARITHMIC = 9;
    private static final int LOGARITHMIC_WIDE = 10;

    /// Real profiles have up to two or three.
    private static final int MOST_PROFILE_BYTES = 4 << 20;

    /// A keyword of at most so many characters, and a zero (W3C PNG, 11.3.2.3).
    private static final int KEYWORD = 80;

    private Shades() {}

    /// @param gamma as a PNG tells it
    static void checkGamma(long gamma) {
        if (gamma < LEAST_GAMMA || gamma > MOST_GAMMA) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
    }

    /// @param characteristics how light follows from numbers, as in ITU-T H.273
    public static void checkTransfer(int characteristics) {
        if (characteristics == LINEAR || characteristics == LOGARITHMIC || characteristics == LOGARITHMIC_WIDE) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
    }

    /// Checks a profile that a PNG has packed.
    static void checkPacked(Octets octets, int from, int end) {
        int at = from;
        while (at < end && at < from + KEYWORD && octets.u8(at) != 0) {
            at++;
        }
        // Behind the zero the method, of which there is one.
        at += 2;
        if (at > end) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(octets.data(), at, end - at);
            byte[] part = new byte[1 << 14];
            ByteArrayOutputStream profile = new ByteArrayOutputStream();
            for (int count = inflater.inflate(part); count > 0; count = inflater.inflate(part)) {
                profile.write(part, 0, count);
                if (profile.size() > MOST_PROFILE_BYTES) {
                    throw new FlawedObject(Flaw.RECOLOURED);
                }
            }
            checkProfile(profile.toByteArray());
        } catch (DataFormatException damaged) {
            throw new FlawedObject(Flaw.RECOLOURED);
        } finally {
            inflater.end();
        }
    }

    static void checkProfile(byte[] profile) {
        ColourProfile.check(new Octets(profile, profile.length));
    }
}
