package org.picket.crawler.removal;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.picket.proto.seal.Digest;

/// What is kept beside a quarantined object, so that it can be put back, by hand if need be.
///
/// @param mode who may read it: of a file as in `rw-r--r--`, in a bucket [#READ_BY_ALL] or empty
record Sidecar(String order, String finding, String key, Digest sha256, long sizeBytes, String mode, Instant modified) {

    /// The mode of an object of a bucket that everybody may read.
    static final String READ_BY_ALL = "public-read";

    private static final String FORMAT = "picket-sidecar 1";

    /// Lines of a name and a value; the key is percent-encoded.
    byte[] encode() {
        String text = FORMAT + "\norder " + order + "\nfinding " + finding + "\nkey "
                + URLEncoder.encode(key, StandardCharsets.UTF_8) + "\nsha256 " + sha256.hex() + "\nsize " + sizeBytes
                + "\nmode " + mode + "\nmodified " + modified + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Sidecar decode(byte[] bytes) throws IOException {
        Map<String, String> values = new HashMap<>();
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith(FORMAT + '\n')) {
            throw new IOException("a sidecar is damaged or of a later version");
        }
        text.lines().skip(1).forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        try {
            return new Sidecar(
                    value(values, "order"),
                    value(values, "finding"),
                    URLDecoder.decode(value(values, "key"), StandardCharsets.UTF_8),
                    Digest.parseHex(value(values, "sha256")),
                    Long.parseLong(value(values, "size")),
                    value(values, "mode"),
                    Instant.parse(value(values, "modified")));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException("a sidecar is damaged", e);
        }
    }

    private static String value(Map<String, String> values, String name) throws IOException {
        if (!values.containsKey(name)) {
            throw new IOException("a sidecar is damaged: it has no " + name);
        }
        return values.get(name);
    }

    /// Whether this is the sidecar of what `order` is about.
    boolean describes(RemovalOrder of) {
        return order.equals(of.placeName()) && key.equals(of.key()) && sha256.equals(of.sha256());
    }
}
