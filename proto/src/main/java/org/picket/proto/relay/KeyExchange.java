package org.picket.proto.relay;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.RelayKeyStatement;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;

/// One end's part in agreeing on the key of a stream.
///
/// Immutable; safe for any number of threads.
public final class KeyExchange {
    private final End end;
    private final StreamKey key;
    private final RelayKeyStatement statement;
    private final Sealed sealed;

    /// Which end of the stream.
    public enum End {
        AGENT,
        CRAWLER
    }

    private KeyExchange(End end, StreamKey key, RelayKeyStatement statement, Sealed sealed) {
        this.end = end;
        this.key = key;
        this.statement = statement;
        this.sealed = sealed;
    }

    /// Makes a key for a stream and signs it.
    ///
    /// @param ticket of the lease; its agent is the agent's end
    /// @param crawler the crawler's end
    /// @param own this member's own key
    public static KeyExchange begin(
            End end, TicketStatement ticket, KeyId crawler, SigningKey own, SecureRandom random) {
        StreamKey key = StreamKey.generate(random);
        RelayKeyStatement statement = RelayKeyStatement.newBuilder()
                .setFence(ticket.getFence())
                .setShardId(ticket.getShardId())
                .setAgentKeyId(ticket.getAgentKeyId())
                .setCrawlerKeyId(crawler.bytes())
                .setPublicKey(key.raw())
                .build();
        return new KeyExchange(end, key, statement, own.seal(SealKind.RELAY_KEY, statement));
    }

    /// What the other end is told.
    public Sealed told() {
        return sealed;
    }

    /// The key that follows, where the other end says the same of lease and ends as this one does.
    ///
    /// @param other as it came
    /// @param speaker whom the other end's certificate is for
    public Agreed agree(Sealed other, VerifyingKey speaker) {
        Opened<RelayKeyStatement> opened =
                Opened.open(SealKind.RELAY_KEY, other, RelayKeyStatement.parser(), speaker, Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<RelayKeyStatement> invalid ->
                new Agreed.Refused("its key is not sealed by the member that it says it is (" + invalid.reason() + ")");
            case Opened.Valid<RelayKeyStatement> valid -> agree(other.getStatement(), valid.statement(), speaker.id());
        };
    }

    private Agreed agree(ByteString bytes, RelayKeyStatement other, KeyId speaker) {
        ByteString expected = end == End.AGENT ? statement.getCrawlerKeyId() : statement.getAgentKeyId();
        if (!speaker.bytes().equals(expected)) {
            return new Agreed.Refused("it is not the member that this stream is for");
        }
        if (!other.getFence().equals(statement.getFence())
                || other.getShardId() != statement.getShardId()
                || !other.getAgentKeyId().equals(statement.getAgentKeyId())
                || !other.getCrawlerKeyId().equals(statement.getCrawlerKeyId())) {
            return new Agreed.Refused("its key is for another lease or other ends");
        }
        ByteString own = sealed.getStatement();
        try {
            return new Agreed.Key(
                    end == End.AGENT
                            ? FrameKey.draw(key, other.getPublicKey(), own, bytes)
                            : FrameKey.draw(key, other.getPublicKey(), bytes, own));
        } catch (IllegalArgumentException e) {
            return new Agreed.Refused("its key is not good: " + e.getMessage());
        }
    }

    /// What came of it.
    public sealed interface Agreed {
        /// Both ends have this key, if the other did its part.
        record Key(FrameKey frames) implements Agreed {}

        /// No key.
        ///
        /// @param why in words that follow the other end's name; names no key
        record Refused(String why) implements Agreed {}
    }
}
