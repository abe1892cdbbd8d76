package org.picket.runtime.membership;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.VerifyingKey;
import org.picket.runtime.channel.Addresses;

/// What a member keeps of its joining, beside its key. Nothing of it is secret; all of it decides whom the
/// member believes.
///
/// @param coordinators where they are
/// @param authority names the key that signs all certificates
/// @param member its number
/// @param coordinatorKey verifies tickets and orders
/// @param circle whose agents may see a crawler's pictures, as its invite said; everyone's: it did not say
public record MemberRecord(
        Addresses coordinators, KeyId authority, MemberId member, VerifyingKey coordinatorKey, Circle circle) {
    private static final String COORDINATOR = "coordinator";
    private static final String AUTHORITY = "authority";
    private static final String MEMBER = "member";
    private static final String COORDINATOR_KEY = "coordinator-key";
    private static final String CIRCLE = "circle";

    /// The same member, where the coordinators are elsewhere.
    public MemberRecord at(Addresses others) {
        return new MemberRecord(others, authority, member, coordinatorKey, circle);
    }

    /// As it stands in a file.
    public String text() {
        return "# Made by joining. Where the coordinators are may be changed by hand, with commas between them; the rest is"
                + " made by joining anew.\n"
                + COORDINATOR + " = " + coordinators + "\n"
                + AUTHORITY + " = " + authority + "\n"
                + MEMBER + " = " + member.value() + "\n"
                + COORDINATOR_KEY + " = "
                + HexFormat.of().formatHex(coordinatorKey.raw().toByteArray()) + "\n"
                + (circle.everyone() ? "" : CIRCLE + " = " + escaped(String.join(",", circle.entries())) + "\n");
    }

    /// Reads what [#text] wrote.
    ///
    /// @throws IllegalArgumentException saying what is wrong
    public static MemberRecord parse(String text) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MemberRecord(
                Addresses.parse(line(lines, COORDINATOR)),
                new KeyId(hexadecimal(lines, AUTHORITY)),
                new MemberId(number(lines)),
                VerifyingKey.of(hexadecimal(lines, COORDINATOR_KEY)),
                Optional.ofNullable(lines.getProperty(CIRCLE))
                        .map(kept -> Circle.parse(List.of(kept.split(","))))
                        .orElse(Circle.EVERYONE));
    }

    /// Names of operators may be anything, and a backslash begins an escape in such a file.
    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }

    private static String line(Properties lines, String name) {
        return Optional.ofNullable(lines.getProperty(name))
                .map(String::strip)
                .orElseThrow(() -> new IllegalArgumentException("the line " + name + " is missing"));
    }

    private static long number(Properties lines) {
        try {
            return Long.parseLong(line(lines, MEMBER));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the line " + MEMBER + " is no number", e);
        }
    }

    private static ByteString hexadecimal(Properties lines, String name) {
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(line(lines, name)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the line " + name + " is missing or not hexadecimal", e);
        }
    }
}
