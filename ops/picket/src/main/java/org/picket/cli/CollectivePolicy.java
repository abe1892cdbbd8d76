package org.picket.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.PolicyRequest;
import org.picket.proto.v1.PolicyResponse;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.FailedCall;

/// The policy that one storage is ruled by where its site has chosen one of the collective's: whatever the
/// coordinators hand out under that name, sealed by the collective's key. What is broken, or does not go with
/// the site's bundles, is refused, and the last one that was in order goes on; that one is kept on the disk,
/// for a start without the shelf.
///
/// For one thread.
final class CollectivePolicy {
    private static final int KEPT_BYTES = Limits.POLICY_BYTES + 4 * Limits.STATEMENT_BYTES;

    private final String name;
    private final Path kept;
    private final Means means;
    private final Consumer<String> say;
    private Optional<OfferedPolicy> present = Optional.empty();
    /// What the coordinator did not take for this storage: it is not tried again.
    private Optional<Digest> unwanted = Optional.empty();

    /// What it works with.
    ///
    /// @param coordinators of the collective, which are asked one after the other
    /// @param key theirs, learnt in joining
    /// @param faults what speaks against ruling this storage by a policy, in words
    /// @param attempts how patient the first look is
    record Means(
            List<? extends Channel> coordinators,
            VerifyingKey key,
            Function<Policy, List<String>> faults,
            Attempts attempts) {
        Means {
            coordinators = List.copyOf(coordinators);
        }
    }

    /// @param kept the file of the last one that was in order
    /// @param say told what a person should know, once each time it changes
    CollectivePolicy(String name, Path kept, Means means, Consumer<String> say) {
        this.name = name;
        this.kept = kept;
        this.means = means;
        this.say = say;
    }

    /// What coordinators answer.
    private sealed interface Answer {
        record Text(PolicyResponse response) implements Answer {}

        record Unchanged() implements Answer {}

        /// None of them hands it out.
        record Absent(String why) implements Answer {}
    }

    /// The one to begin with: as it is handed out now; else the last one that was in order. It is the present
    /// one once it is [#taken].
    ///
    /// @throws UsageFault where there is neither
    OfferedPolicy begin() {
        String why;
        try {
            switch (means.attempts().call(() -> ask(ByteString.EMPTY))) {
                case Answer.Text(PolicyResponse response) -> {
                    switch (read(response)) {
                        case OfferedPolicy.Read.Sound(OfferedPolicy offered) -> {
                            return offered;
                        }
                        case OfferedPolicy.Read.Refused(String refused) -> why = words() + " is refused: " + refused;
                    }
                }
                case Answer.Unchanged _ -> why = words() + " came without its text";
                case Answer.Absent(String absent) -> why = absent;
            }
        } catch (StatusRuntimeException e) {
            if (!Attempts.passing(e.getStatus().getCode())) {
                throw e;
            }
            why = "the coordinator does not say what " + words() + " is (" + FailedCall.why(e.getStatus()) + ")";
        }
        Optional<OfferedPolicy> last = last();
        if (last.isEmpty()) {
            throw new UsageFault(why + ", and none is kept in " + kept.getParent()
                    + "; ask the coordinator's operator, or name a file by --policy");
        }
        say.accept(why + "; goes on with the last one that was in order");
        return last.get();
    }

    /// Looks whether another one is handed out by now, which is the present one once it is [#taken].
    ///
    /// @return empty: the present one goes on
    Optional<OfferedPolicy> changed() {
        try {
            Answer answer = ask(present.map(one -> one.sha256().bytes()).orElse(ByteString.EMPTY));
            return switch (answer) {
                case Answer.Unchanged _ -> Optional.empty();
                case Answer.Absent(String why) -> goesOn(why);
                case Answer.Text(PolicyResponse response) -> other(response);
            };
        } catch (StatusRuntimeException e) {
            if (!Attempts.passing(e.getStatus().getCode())) {
                throw e;
            }
            return goesOn(
                    "the coordinator does not say what " + words() + " is now (" + FailedCall.why(e.getStatus()) + ")");
        }
    }

    private Optional<OfferedPolicy> other(PolicyResponse response) {
        if (unwanted.filter(Digest.of(response.getText())::equals).isPresent()) {
            return Optional.empty();
        }
        return switch (read(response)) {
            case OfferedPolicy.Read.Refused(String why) ->
                goesOn(words() + ", as it is handed out now, is refused: " + why);
            case OfferedPolicy.Read.Sound(OfferedPolicy offered) -> Optional.of(offered);
        };
    }

    private Optional<OfferedPolicy> goesOn(String why) {
        say.accept(why + "; the last one that was in order goes on");
        return Optional.empty();
    }

    /// The storage is ruled by that one from now on.
    void taken(OfferedPolicy offered) {
        keep(offered.response());
        present = Optional.of(offered);
    }

    /// What to begin with where the coordinator would not have the storage ruled by that one, which it hands out.
    ///
    /// @return the last one that was in order; empty: there is none, or it is the same
    Optional<OfferedPolicy> instead(OfferedPolicy offered, String why) {
        Optional<OfferedPolicy> last = last().filter(kept -> !kept.sha256().equals(offered.sha256()));
        if (last.isPresent()) {
            refused(offered, why);
        }
        return last;
    }

    /// The coordinator would not have the storage ruled by that one.
    void refused(OfferedPolicy offered, String why) {
        unwanted = Optional.of(offered.sha256());
        goesOn(words() + ", as it is handed out now, is refused by the coordinator itself: " + why);
    }

    /// Whether it is to be believed, sound, and goes with the site's bundles.
    private OfferedPolicy.Read read(PolicyResponse response) {
        OfferedPolicy.Read read = OfferedPolicy.read(response, name, means.key());
        if (read instanceof OfferedPolicy.Read.Sound(OfferedPolicy offered)) {
            List<String> faults = means.faults().apply(offered.policy());
            return faults.isEmpty()
                    ? read
                    : new OfferedPolicy.Read.Refused(
                            "it does not go with this site's bundles: " + String.join("; ", faults));
        }
        return read;
    }

    /// @throws StatusRuntimeException where none hands it out, and one might that cannot be asked now
    private Answer ask(ByteString has) {
        Optional<StatusRuntimeException> failed = Optional.empty();
        for (Channel coordinator : means.coordinators()) {
            try {
                PolicyResponse response = ArtifactsGrpc.newBlockingStub(coordinator)
                        .policy(PolicyRequest.newBuilder()
                                .setName(name)
                                .setHasSha256(has)
                                .build());
                boolean same = !has.isEmpty()
                        && OfferedPolicy.sealed(response, name, means.key())
                                .filter(statement -> statement.getSha256().equals(has))
                                .isPresent();
                return same ? new Answer.Unchanged() : new Answer.Text(response);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code != Status.Code.NOT_FOUND && code != Status.Code.UNIMPLEMENTED) {
                    failed = Optional.of(e);
                }
            }
        }
        if (failed.isPresent()) {
            throw failed.get();
        }
        return new Answer.Absent("no coordinator hands out " + words());
    }

    private String words() {
        return "the collective's policy \"" + name + "\"";
    }

    /// The last one that was in order, where it still is.
    private Optional<OfferedPolicy> last() {
        try {
            if (!Files.exists(kept) || Files.size(kept) > KEPT_BYTES) {
                return Optional.empty();
            }
            return read(PolicyResponse.parseFrom(Files.readAllBytes(kept)))
                            instanceof OfferedPolicy.Read.Sound(OfferedPolicy offered)
                    ? Optional.of(offered)
                    : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UsageFault(kept + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void keep(PolicyResponse response) {
        try {
            Path fresh = kept.resolveSibling(kept.getFileName() + ".new");
            Files.write(fresh, response.toByteArray());
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            say.accept(kept + " cannot be written (" + e.getMessage() + "): " + words()
                    + " is not at hand where a later start finds no coordinator that hands it out");
        }
    }
}
