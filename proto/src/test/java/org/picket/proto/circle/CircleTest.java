package org.picket.proto.circle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.KeyId;

class CircleTest {
    private static final KeyId KEY = key(7);
    private static final Applicant ALICE = new Applicant("alice", "eu", KEY);

    private static KeyId key(int fill) {
        byte[] bytes = new byte[KeyId.LENGTH];
        java.util.Arrays.fill(bytes, (byte) fill);
        return new KeyId(ByteString.copyFrom(bytes));
    }

    private static Circle of(String... entries) {
        return Circle.parse(List.of(entries));
    }

    @Test
    void anyPartLetsAnAgentIn() {
        assertTrue(of("operator:alice").accepts(ALICE, false));
        assertTrue(of("operator:bob", "region:eu").accepts(ALICE, false));
        assertTrue(of("agent:" + KEY).accepts(ALICE, false));
        assertTrue(of("own").accepts(ALICE, true));
        assertTrue(Circle.EVERYONE.accepts(ALICE, false));
    }

    @Test
    void whomNoPartNamesIsLeftOut() {
        assertFalse(of("own").accepts(ALICE, false));
        assertFalse(of("operator:bob").accepts(ALICE, true), "own machines are of it where it says so");
        assertFalse(of("operator:Alice").accepts(ALICE, false));
        assertFalse(of("region:us").accepts(ALICE, false));
        assertFalse(of("agent:" + key(8)).accepts(ALICE, false));
        assertFalse(of("region:eu").accepts(new Applicant("alice", "", KEY), false), "nobody told its region");
    }

    @Test
    void circleIsTheSameOverTheWire() {
        Circle circle = of("own", "operator:bob", "operator:alice", "region:eu", "agent:" + KEY);
        assertEquals(circle, Circle.of(circle.wire().orElseThrow()));
        assertEquals(List.of("own", "operator:alice", "operator:bob", "region:eu", "agent:" + KEY), circle.entries());
        assertEquals(Optional.empty(), Circle.EVERYONE.wire());
    }

    @Test
    void circleThatSaysNothingOrTooMuchIsRefused() {
        for (List<String> faulty : List.of(
                List.<String>of(),
                List.of(""),
                List.of("alice"),
                List.of("operator:"),
                List.of("region:E U"),
                List.of("agent:12"),
                List.of("operator:" + "a".repeat(201)),
                IntStream.range(0, 257).mapToObj(i -> "operator:" + i).toList())) {
            assertThrows(IllegalArgumentException.class, () -> Circle.parse(faulty), faulty::toString);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Circle.of(org.picket.proto.v1.Circle.getDefaultInstance()),
                "a circle of nobody is not one of everybody");
    }

    @Test
    void circleThatWouldFillEverybodysScreenIsRefused() {
        String[] operators = IntStream.range(0, 50)
                .mapToObj(i -> "operator:" + i + "x".repeat(Circle.MOST_NAME - 2))
                .toArray(String[]::new);
        assertThrows(IllegalArgumentException.class, () -> of(operators));
        String[] agents = IntStream.range(0, Circle.MOST_PARTS)
                .mapToObj(i -> "agent:" + "%032x".formatted(i))
                .toArray(String[]::new);
        assertEquals(Circle.MOST_PARTS, of(agents).entries().size());
    }

    @Test
    void namesStayBetweenTheirCommas() {
        assertEquals(List.of("operator:a b"), of("operator:a b").entries());
        assertThrows(IllegalArgumentException.class, () -> of("operator:a,own"));
        assertThrows(IllegalArgumentException.class, () -> of("operator:a\nmember=1"));
        assertThrows(IllegalArgumentException.class, () -> of("operator:a\u2028b"));
        assertThrows(IllegalArgumentException.class, () -> of("operator:\u202eecila"));
        org.picket.proto.v1.Circle before = org.picket.proto.v1.Circle.newBuilder()
                .addOperators("Acme, Inc.")
                .build();
        assertThrows(IllegalArgumentException.class, () -> Circle.of(before));
        assertEquals(
                List.of("operator:Acme, Inc."),
                Circle.ofBytes(before.toByteArray()).entries(),
                "a circle that was kept when names could be anything");
    }

    @Test
    void everyoneIsSaidInSoManyWordsAndAlone() {
        assertEquals(Circle.EVERYONE, Circle.parse(List.of(" everyone ")));
        assertEquals(Circle.EVERYONE, Circle.of(Circle.EVERYONE.named()));
        assertThrows(IllegalArgumentException.class, () -> Circle.parse(List.of("everyone", "own")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Circle.of(org.picket.proto.v1.Circle.newBuilder()
                        .setEveryone(true)
                        .setOwn(true)
                        .build()));
        assertThrows(IllegalArgumentException.class, () -> Circle.of(org.picket.proto.v1.Circle.getDefaultInstance()));
        Circle own = Circle.parse(List.of("own"));
        assertEquals(own.wire().orElseThrow(), own.named());
    }
}
