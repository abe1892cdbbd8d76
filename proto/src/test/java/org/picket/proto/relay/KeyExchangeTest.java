package org.picket.proto.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.picket.proto.relay.KeyExchange.Agreed;
import org.picket.proto.relay.KeyExchange.End;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.RelayKeyStatement;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;

/// Two ends of one lease, and everybody between them.
class KeyExchangeTest {
    private final SecureRandom random = new SecureRandom();
    private final SigningKey agent = SigningKey.generate(random);
    private final SigningKey crawler = SigningKey.generate(random);
    private final TicketStatement ticket = TicketStatement.newBuilder()
            .setFence(Fence.newBuilder()
                    .setLeaseId(ByteString.copyFrom(new byte[16]))
                    .setLeaseEpoch(3)
                    .setTerm(2))
            .setShardId(7)
            .setStorageId(1)
            .setAgentKeyId(agent.verifyingKey().id().bytes())
            .build();

    private KeyExchange begin(End end, TicketStatement of) {
        return KeyExchange.begin(end, of, crawler.verifyingKey().id(), end == End.AGENT ? agent : crawler, random);
    }

    private static FrameKey key(Agreed agreed) {
        return assertInstanceOf(Agreed.Key.class, agreed).frames();
    }

    private static byte[] sealed(FrameCipher cipher, String head, String rest, boolean last) {
        byte[] target = new byte[head.length() + rest.length() + FrameCipher.TAG_BYTES];
        assertEquals(target.length, cipher.seal(head.getBytes(), rest.getBytes(), last, target));
        return target;
    }

    private static String opened(FrameCipher cipher, byte[] sealed, boolean last) throws GeneralSecurityException {
        byte[] target = new byte[sealed.length];
        return new String(target, 0, cipher.open(sealed, sealed.length, last, target));
    }

    @Test
    void bothEndsDrawTheSameKeyAndEachStreamItsOwn() throws GeneralSecurityException {
        KeyExchange near = begin(End.AGENT, ticket);
        KeyExchange far = begin(End.CRAWLER, ticket);
        FrameKey atAgent = key(near.agree(far.told(), crawler.verifyingKey()));
        FrameKey atCrawler = key(far.agree(near.told(), agent.verifyingKey()));
        assertArrayEquals(atAgent.key().getEncoded(), atCrawler.key().getEncoded());
        FrameCipher out = FrameCipher.sealing(atCrawler);
        FrameCipher in = FrameCipher.opening(atAgent);
        for (int i = 0; i < 3; i++) {
            assertEquals("frame " + i, opened(in, sealed(out, "frame ", "" + i, i == 2), i == 2));
        }
        assertTrue(in.over());
        KeyExchange again = begin(End.CRAWLER, ticket);
        FrameKey other = key(near.agree(again.told(), crawler.verifyingKey()));
        assertNotEquals(
                ByteString.copyFrom(atAgent.key().getEncoded()),
                ByteString.copyFrom(other.key().getEncoded()));
    }

    /// Each field of the statement is what both ends hold to.
    @Test
    void statementsForAnotherLeaseOrOtherEndsAreRefused() {
        KeyExchange near = begin(End.AGENT, ticket);
        List<UnaryOperator<RelayKeyStatement.Builder>> changes = List.of(
                statement -> statement.setFence(statement.getFence().toBuilder().setLeaseEpoch(4)),
                statement -> statement.setFence(statement.getFence().toBuilder().setTerm(3)),
                statement -> statement.setFence(
                        statement.getFence().toBuilder().setLeaseId(ByteString.copyFromUtf8("another lease id"))),
                statement -> statement.setShardId(8),
                statement -> statement.setAgentKeyId(crawler.verifyingKey().id().bytes()),
                statement -> statement.setCrawlerKeyId(agent.verifyingKey().id().bytes()),
                statement -> statement.setPublicKey(ByteString.copyFrom(new byte[32])),
                statement -> statement.clearPublicKey());
        Sealed honest = begin(End.CRAWLER, ticket).told();
        for (UnaryOperator<RelayKeyStatement.Builder> change : changes) {
            RelayKeyStatement changed =
                    change.apply(statement(honest).toBuilder()).build();
            Agreed agreed = near.agree(crawler.seal(SealKind.RELAY_KEY, changed), crawler.verifyingKey());
            assertInstanceOf(Agreed.Refused.class, agreed, changed::toString);
        }
    }

    private static RelayKeyStatement statement(Sealed sealed) {
        try {
            return RelayKeyStatement.parseFrom(sealed.getStatement());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void strangersAndEchoesAreRefused() {
        KeyExchange near = begin(End.AGENT, ticket);
        Sealed honest = begin(End.CRAWLER, ticket).told();
        SigningKey stranger = SigningKey.generate(random);
        KeyExchange strangers =
                KeyExchange.begin(End.CRAWLER, ticket, stranger.verifyingKey().id(), stranger, random);
        assertInstanceOf(Agreed.Refused.class, near.agree(strangers.told(), stranger.verifyingKey()));
        assertInstanceOf(Agreed.Refused.class, near.agree(honest, stranger.verifyingKey()));
        assertInstanceOf(Agreed.Refused.class, near.agree(near.told(), agent.verifyingKey()), "an echo");
        assertInstanceOf(
                Agreed.Refused.class,
                near.agree(crawler.seal(SealKind.TICKET, statement(honest)), crawler.verifyingKey()),
                "sealed as something else");
        byte[] bytes = honest.getStatement().toByteArray();
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            Sealed changed = honest.toBuilder()
                    .setStatement(ByteString.copyFrom(flipped))
                    .build();
            assertInstanceOf(Agreed.Refused.class, near.agree(changed, crawler.verifyingKey()));
        }
    }

    /// A relay that changes, drops, repeats, reorders or cuts.
    @Test
    void framesOpenOnlyAsTheyWereSealedAndInOrder() throws GeneralSecurityException {
        KeyExchange near = begin(End.AGENT, ticket);
        KeyExchange far = begin(End.CRAWLER, ticket);
        FrameKey key = key(near.agree(far.told(), crawler.verifyingKey()));
        FrameCipher out = FrameCipher.sealing(key);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            frames.add(sealed(out, "head", "rest " + i, i == 3));
        }
        assertThrows(IllegalStateException.class, () -> sealed(out, "", "more", false), "after the last one");
        byte[] first = frames.getFirst();
        for (int at = 0; at < first.length; at++) {
            byte[] flipped = first.clone();
            flipped[at] ^= (byte) 0x80;
            refused(FrameCipher.opening(key), flipped, false);
        }
        refused(FrameCipher.opening(key), java.util.Arrays.copyOf(first, first.length - 1), false);
        refused(FrameCipher.opening(key), new byte[0], false);
        refused(FrameCipher.opening(key), first, true);
        refused(FrameCipher.opening(key), frames.get(1), false);
        FrameCipher in = FrameCipher.opening(key);
        assertEquals("headrest 0", opened(in, first, false));
        refused(in, first, false);
        FrameCipher dropped = FrameCipher.opening(key);
        opened(dropped, first, false);
        refused(dropped, frames.get(2), false);
        FrameCipher cut = FrameCipher.opening(key);
        opened(cut, first, false);
        opened(cut, frames.get(1), false);
        refused(cut, frames.get(2), true);
    }

    private static void refused(FrameCipher cipher, byte[] sealed, boolean last) {
        assertThrows(GeneralSecurityException.class, () -> opened(cipher, sealed, last));
    }
}
