package org.picket.crawler.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// GIFs that somebody made to do harm.
final class GifTricks {

    private static final int LARGE = 65_535;

    private GifTricks() {}

    static List<HostileFile> all() throws IOException {
        byte[] sound = Vectors.read("still.gif");
        byte[] comment = comment("<script>alert(1)</script>%PDF-1.7");
        int first = 13 + table(sound);
        byte[] crowd = new byte[comment.length * 5_000];
        for (int i = 0; i < 5_000; i++) {
            System.arraycopy(comment, 0, crowd, i * comment.length, comment.length);
        }
        byte[] head = Arrays.copyOf(sound, first);
        byte[] body = Arrays.copyOfRange(sound, first, sound.length);
        return List.of(
                made("sides of 60,000", HandMadeGif.frames(60_000, 60_000, 1, 10), Promise.NONE),
                made("sides of 0", HandMadeGif.still(0, 0, 10), Promise.NONE),
                made("a canvas of 65,535 for a small frame", canvas(sound, LARGE, LARGE), Promise.NONE),
                made("a canvas of 60,000 by 1,600", canvas(sound, 60_000, 1_600), Promise.NONE),
                made(
                        "specks on a canvas of 100 megapixels",
                        canvas(HandMadeGif.frames(2, 2, 16, 4), 10_000, 10_000),
                        Promise.NONE),
                made("5,000 frames", HandMadeGif.frames(20, 20, 5_000, 400), Promise.NONE),
                made(
                        "400 frames of 1,000 by 1,000 without data",
                        HandMadeGif.frames(1_000, 1_000, 400, 10),
                        Promise.NONE),
                made("one frame of 9,000 by 9,000 without data", HandMadeGif.frames(9_000, 9_000, 1, 10), Promise.NONE),
                made("one pixel lacks", HandMadeGif.still(40, 40, 1_599), Promise.NONE),
                made("more pixels than it has", HandMadeGif.still(40, 40, 3_000), Promise.NONE_OR_ANOTHER),
                made("frames behind one that lacks data", behindBroken(), Promise.NONE),
                made("no frame", Damage.join(head, new byte[] {0x3b}), Promise.NONE),
                made("codes of 0 bits", codes(sound, first, 0), Promise.NONE),
                made("codes of 12 bits", codes(sound, first, 12), Promise.NONE),
                made("an unknown block", Damage.join(head, new byte[] {0x55}, body), Promise.NONE),
                made(
                        "a comment without an end",
                        Damage.join(head, new byte[] {0x21, (byte) 0xfe, (byte) 255}),
                        Promise.NONE),
                same("a script in a comment", Damage.join(head, comment, body)),
                same("5,000 comments", Damage.join(head, crowd, body)),
                made("a frame outside its canvas", moved(sound, first, LARGE - 10), Promise.NONE));
    }

    private static HostileFile made(String what, byte[] object, Promise promise) {
        return HostileFile.made("GIF: " + what, object, promise);
    }

    private static HostileFile same(String what, byte[] object) {
        return new HostileFile("GIF: " + what, "still.gif", object, Promise.SAME);
    }

    private static int table(byte[] gif) {
        return (gif[10] & 0x80) == 0 ? 0 : 3 << (gif[10] & 7) + 1;
    }

    private static byte[] canvas(byte[] sound, int width, int height) {
        byte[] object = sound.clone();
        u16(object, 6, width);
        u16(object, 8, height);
        return object;
    }

    private static byte[] behindBroken() {
        byte[] broken = HandMadeGif.frames(40, 40, 1, 100);
        byte[] sound = HandMadeGif.frames(40, 40, 1, 1_600);
        return Damage.join(Arrays.copyOf(broken, broken.length - 1), Arrays.copyOfRange(sound, 19, sound.length));
    }

    /// Where the first frame begins, behind any extensions.
    private static int frame(byte[] gif, int from) {
        int at = from;
        while (gif[at] == 0x21) {
            at += 2;
            while (gif[at] != 0) {
                at += 1 + (gif[at] & 0xff);
            }
            at++;
        }
        return at;
    }

    private static byte[] codes(byte[] sound, int first, int bits) {
        byte[] object = sound.clone();
        int frame = frame(sound, first);
        int flags = sound[frame + 9] & 0xff;
        object[frame + 10 + ((flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1)] = (byte) bits;
        return object;
    }

    private static byte[] moved(byte[] sound, int first, int by) {
        byte[] object = sound.clone();
        int frame = frame(sound, first);
        u16(object, frame + 1, by);
        u16(object, frame + 3, by);
        return object;
    }

    private static byte[] comment(String text) {
        byte[] block = new byte[text.length() + 4];
        block[0] = 0x21;
        block[1] = (byte) 0xfe;
        block[2] = (byte) text.length();
        for (int i = 0; i < text.length(); i++) {
            block[3 + i] = (byte) text.charAt(i);
        }
        return block;
    }

    private static void u16(byte[] object, int at, int value) {
        object[at] = (byte) value;
        object[at + 1] = (byte) (value >> 8);
    }
}
