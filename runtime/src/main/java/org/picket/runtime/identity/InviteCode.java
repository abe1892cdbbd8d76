package org.picket.runtime.identity;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.KeyId;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;

/// What a newcomer is handed: where the coordinator is, by which key it is known, and the secret that lets in
/// one member. A credential until it is used.
///
/// Its text is `picket-` and then, in Crockford's base 32, a version byte (1), the authority's key id (16
/// bytes), the secret (32 bytes), the addresses (UTF-8, commas between them) and the first 4 bytes of the
/// SHA-256 of all that.
///
/// @param coordinators where they are
/// @param authority names the issuer of its certificates
/// @param secret 64 hexadecimal digits
public record InviteCode(Addresses coordinators, KeyId authority, String secret) {
    private static final String PREFIX = "picket-";
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int VERSION = 1;
    private static final int SECRET_BYTES = 32;
    private static final int CHECK_BYTES = 4;
    private static final int DIGIT_BITS = 5;
    private static final int FIXED_BYTES = 1 + KeyId.LENGTH + SECRET_BYTES + CHECK_BYTES;
    private static final int MOST_DIGITS = (FIXED_BYTES + Addresses.MOST_LENGTH) * Byte.SIZE / DIGIT_BITS + 1;

    /// Of a collective that has one coordinator.
    public InviteCode(Address coordinator, KeyId authority, String secret) {
        this(Addresses.of(coordinator), authority, secret);
    }

    public InviteCode {
        if (HexFormat.of().parseHex(secret).length != SECRET_BYTES) {
            throw new IllegalArgumentException("the secret of an invite has " + SECRET_BYTES + " bytes");
        }
    }

    /// Reads a code; case, spaces, line ends and mistaken letters (o for 0, i and l for 1) do not matter.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    public static InviteCode parse(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("\\s", "");
        if (!plain.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "is no invite code: one begins with " + PREFIX + "; 'picket invite' at the coordinator makes them");
        }
        byte[] all = bytes(plain.substring(PREFIX.length()));
        int end = all.length - CHECK_BYTES;
        if (all.length <= FIXED_BYTES
                || !Arrays.equals(check(Arrays.copyOf(all, end)), Arrays.copyOfRange(all, end, all.length))) {
            throw new IllegalArgumentException(
                    "is an invite code with a typing error, or a part of one; copy the whole code again");
        }
        if (all[0] != VERSION) {
            throw new IllegalArgumentException("is an invite code of a later version; update Picket");
        }
        int secret = 1 + KeyId.LENGTH;
        return new InviteCode(
                Addresses.parse(
                        new String(all, secret + SECRET_BYTES, end - secret - SECRET_BYTES, StandardCharsets.UTF_8)),
                new KeyId(ByteString.copyFrom(all, 1, KeyId.LENGTH)),
                HexFormat.of().formatHex(all, secret, secret + SECRET_BYTES));
    }

    /// The code as it is handed over.
    public String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(VERSION);
        out.writeBytes(authority.bytes().toByteArray());
        out.writeBytes(HexFormat.of().parseHex(secret));
        out.writeBytes(coordinators.toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(check(out.toByteArray()));
        return PREFIX + digits(out.toByteArray());
    }

    private static byte[] check(byte[] bytes) {
        return Digest.of(bytes).bytes().substring(0, CHECK_BYTES).toByteArray();
    }

    private static String digits(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte next : bytes) {
            held = held << Byte.SIZE | next & 0xff;
            bits += Byte.SIZE;
            while (bits >= DIGIT_BITS) {
                bits -= DIGIT_BITS;
                text.append(DIGITS.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(DIGITS.charAt(held << DIGIT_BITS - bits & 31));
        }
        return text.toString();
    }

    private static byte[] bytes(String digits) {
        if (digits.length() > MOST_DIGITS) {
            throw new IllegalArgumentException("is too long for an invite code; copy the code alone");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int held = 0;
        int bits = 0;
        for (char letter : digits.toCharArray()) {
            int value = DIGITS.indexOf(meant(letter));
            if (value < 0) {
                throw new IllegalArgumentException("is an invite code with a typing error: it has a letter '" + letter
                        + "', which codes do not have; copy it again");
            }
            held = held << DIGIT_BITS | value;
            bits += DIGIT_BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                out.write(held >> bits & 0xff);
            }
            held &= (1 << bits) - 1;
        }
        return out.toByteArray();
    }

    private static char meant(char letter) {
        return switch (letter) {
            case 'o' -> '0';
            case 'i', 'l' -> '1';
            default -> letter;
        };
    }

    @Override
    public String toString() {
        return "InviteCode[" + coordinators + "]";
    }
}
