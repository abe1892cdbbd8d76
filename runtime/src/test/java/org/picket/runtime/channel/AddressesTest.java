package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void severalAreReadAsTheyAreWritten() {
        Addresses several = Addresses.parse(" one.example.org:7443, [2001:db8::1]:7 ");
        assertEquals("one.example.org:7443,[2001:db8::1]:7", several.toString());
        assertEquals(several, Addresses.parse(several.toString()));
        assertEquals(Set.copyOf(several.each()), Set.copyOf(several.shuffled().each()));
        assertEquals(
                List.of(new Address("127.0.0.1", 1)),
                Addresses.parse("127.0.0.1:1").each());
    }

    @Test
    void tooManyOrTheSameTwiceOrNoneIsRefused() {
        String nine = IntStream.rangeClosed(1, 9).mapToObj(i -> "host:" + i).collect(Collectors.joining(","));
        for (String wrong : List.of("", ",", "host:1,", "host:1,host:1", nine)) {
            assertThrows(IllegalArgumentException.class, () -> Addresses.parse(wrong), wrong);
        }
    }

    @Test
    void targetOfAChannelNamesAll() {
        Addresses several = Addresses.parse("one.example.org:7443,[2001:db8::1]:7");
        String path = java.net.URI.create(AddressesResolver.target(several)).getPath();
        assertEquals(several, Addresses.parse(path.substring(1)));
    }
}
