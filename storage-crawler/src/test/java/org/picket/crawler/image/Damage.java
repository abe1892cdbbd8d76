package org.picket.crawler.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What can befall any file, whatever its format: every way in a fixed number, drawn from a seed.
final class Damage {

    private static final int FLIPS = 10;
    private static final int HOLES = 4;
    private static final int LIES = 8;
    private static final int HEAD_BYTES = 200;
    private static final long[] EXTREMES = {0, 1, 0x7fff_ffffL, 0xffff_ffffL, 0x8000_0000L, 0xffff_0000L};

    private final Seed seed;
    private final byte[] whole;
    private final Random random;
    private final List<HostileFile> files = new ArrayList<>();

    private Damage(Seed seed, byte[] whole) {
        this.seed = seed;
        this.whole = whole;
        this.random = new Random(seed.name().hashCode());
    }

    /// Some fifty damaged files.
    static List<HostileFile> of(Seed seed) throws java.io.IOException {
        Damage damage = new Damage(seed, Vectors.read(seed.name()));
        damage.truncated();
        damage.flipped();
        damage.displaced();
        damage.lying();
        damage.withCompany();
        return damage.files;
    }

    private void add(String how, byte[] object, Promise promise) {
        files.add(new HostileFile(seed.name() + " " + how, seed.name(), object, promise));
    }

    /// What holds for changed bytes in the middle: where data have checksums nothing may slip through; where they
    /// have none, another picture may have come about that is as whole as any.
    private Promise changed() {
        return seed.checksummed() ? Promise.NONE_OR_SAME : Promise.NONE_OR_ANOTHER;
    }

    private void truncated() {
        Promise cut = seed.pieces() ? Promise.NONE_OR_ANOTHER : Promise.NONE_OR_SAME;
        for (int percent = 5; percent < 100; percent += 5) {
            int length = Math.max(1, (int) ((long) whole.length * percent / 100));
            add("cut at " + percent + " %", Arrays.copyOf(whole, length), cut);
        }
        add("without its last byte", Arrays.copyOf(whole, whole.length - 1), cut);
    }

    private void flipped() {
        for (int i = 0; i < FLIPS; i++) {
            byte[] object = whole.clone();
            for (int flips = 1 + i % 3; flips > 0; flips--) {
                object[random.nextInt(object.length)] ^= (byte) (1 << random.nextInt(8));
            }
            add("bits flipped, " + i, object, changed());
        }
    }

    /// Bytes lost, added or blanked, as bad disks and bad transfers do.
    private void displaced() {
        for (int i = 0; i < HOLES; i++) {
            int length = Math.min(whole.length / 4, 1 << 2 * i + 2);
            int at = whole.length / 8 + random.nextInt(whole.length / 2);
            byte[] blank = whole.clone();
            Arrays.fill(blank, at, Math.min(whole.length, at + length), (byte) (i % 2 == 0 ? 0 : 0xff));
            add("blanked " + length + " at " + at, blank, changed());
            add("lost " + length + " at " + at, join(part(0, at), part(at + length, whole.length)), changed());
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            add("added " + length + " at " + at, join(part(0, at), noise, part(at, whole.length)), changed());
        }
    }

    /// Fields of the head that announce nothing, everything, or a negative amount.
    private void lying() {
        for (int i = 0; i < LIES; i++) {
            byte[] object = whole.clone();
            int bytes = i % 2 == 0 ? 4 : 2;
            int at = 4 + random.nextInt(Math.min(HEAD_BYTES, whole.length - 8));
            long extreme = EXTREMES[random.nextInt(EXTREMES.length)];
            for (int b = 0; b < bytes; b++) {
                object[at + b] = (byte) (extreme >> 8 * (bytes - 1 - b));
            }
            add("field of " + bytes + " at " + at + " set to " + Long.toHexString(extreme), object, changed());
        }
    }

    /// One file that is two: what viewers show is the first.
    private void withCompany() throws java.io.IOException {
        byte[] script = "<html><script>alert(1)</script></html><?php echo 1;".getBytes(StandardCharsets.US_ASCII);
        byte[] archive = ByteBuffer.allocate(64).putInt(0x504b_0304).array();
        Promise behind = seed.tail() ? Promise.SAME : Promise.NONE_OR_SAME;
        add("with a script behind", join(whole, script), behind);
        add("with an archive behind", join(whole, archive), behind);
        add("with itself behind", join(whole, whole), behind);
        add("behind a script", join(script, whole), Promise.NONE);
        add("under the head of another", join(Vectors.read(other()), 16, whole), Promise.NONE_OR_ANOTHER);
        byte[] noise = new byte[whole.length];
        random.nextBytes(noise);
        add("its head on noise", join(whole, 24, noise), Promise.NONE);
    }

    private String other() {
        return seed.name().endsWith(".png") ? "lossy.webp" : "four-thirds.png";
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(whole, Math.min(from, whole.length), to);
    }

    /// The first bytes of one file, and behind them what the other has there.
    private static byte[] join(byte[] head, int length, byte[] tail) {
        byte[] object = tail.clone();
        System.arraycopy(head, 0, object, 0, Math.min(length, object.length));
        return object;
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
