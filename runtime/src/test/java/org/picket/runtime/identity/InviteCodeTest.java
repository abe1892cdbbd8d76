package org.picket.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.KeyId;
import org.picket.runtime.channel.Address;

class InviteCodeTest {
    private static final InviteCode CODE = new InviteCode(
            Address.parse("picket.example.org:7443"),
            new KeyId(ByteString.copyFrom(bytes(new Random(1), KeyId.LENGTH))),
            java.util.HexFormat.of().formatHex(bytes(new Random(2), 32)));

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void codeIsReadAsItWasWritten() {
        assertEquals(CODE, InviteCode.parse(CODE.text()));
        InviteCode other = new InviteCode(Address.parse("[2001:db8::1]:7"), CODE.authority(), CODE.secret());
        assertEquals(other, InviteCode.parse(other.text()));
    }

    @Test
    void caseAndSpacesAndLikeLettersDoNotMatter() {
        String text = CODE.text();
        assertEquals(CODE, InviteCode.parse(" " + text.substring(0, 30) + "\n  " + text.substring(30) + "\n"));
        assertEquals(CODE, InviteCode.parse(text.toUpperCase(Locale.ROOT)));
        String body = text.substring("picket-".length());
        assertEquals(CODE, InviteCode.parse("picket-" + body.replace('0', 'O').replace('1', 'l')));
    }

    @Test
    void everyWrongLetterIsTold() {
        String text = CODE.text();
        Random random = new Random(3);
        for (int at = "picket-".length(); at < text.length() - 1; at++) {
            char wrong;
            do {
                wrong = "0123456789abcdefghjkmnpqrstvwxyz".charAt(random.nextInt(32));
            } while (wrong == text.charAt(at));
            String typed = text.substring(0, at) + wrong + text.substring(at + 1);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> InviteCode.parse(typed))
                    .getMessage()
                    .contains("typing error"));
        }
    }

    @Test
    void partsAndOtherTextsAreTold() {
        assertTrue(fault(CODE.text().substring(0, 60)).contains("copy the whole code"));
        assertTrue(fault("hello").contains("begins with picket-"));
        assertTrue(fault("picket-" + "0".repeat(5_000)).contains("too long"));
        assertTrue(fault(CODE.text() + "!").contains("letter '!'"));
    }

    private static String fault(String text) {
        return assertThrows(IllegalArgumentException.class, () -> InviteCode.parse(text))
                .getMessage();
    }

    @Test
    void codeIsNotToldByItsName() {
        assertEquals("InviteCode[picket.example.org:7443]", CODE.toString());
    }
}
