package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.picket.proto.circle.Circle;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.SitesGrpc;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.FailedCall;
import org.picket.runtime.membership.RemoteMember;

/// How a storage is registered: by its settings, and where its policy is the collective's, anew whenever that
/// has changed.
///
/// For one thread.
final class Registration {
    private static final int NAME_DIGITS = 16;

    private final AskedStorage asked;
    private final RemoteMember member;
    private final Optional<Circle> circle;
    private final Consumer<String> say;
    private final Optional<CollectivePolicy> collective;
    private RegisterStorageResponse terms = RegisterStorageResponse.getDefaultInstance();

    /// @param circle whose agents may see the pictures
    /// @param say told what a person should know, once each time it changes
    Registration(AskedStorage asked, RemoteMember member, Optional<Circle> circle, Consumer<String> say) {
        this.asked = asked;
        this.member = member;
        this.circle = circle;
        this.say = say;
        this.collective = asked.setting()
                .policy()
                .flatMap(choice -> choice instanceof PolicyChoice.OfCollective(String name)
                        ? Optional.of(collective(name))
                        : Optional.empty());
    }

    private CollectivePolicy collective(String name) {
        return new CollectivePolicy(
                name,
                kept(name),
                new CollectivePolicy.Means(
                        List.copyOf(member.each()),
                        member.record().coordinatorKey(),
                        asked.declared()::faults,
                        Attempts.PATIENT),
                say);
    }

    /// Of this storage alone: what goes with its bundles need not go with those of another.
    private Path kept(String name) {
        try {
            String storage = Digest.of(asked.identity().getBytes(StandardCharsets.UTF_8))
                    .hex()
                    .substring(0, NAME_DIGITS);
            Path data = asked.setting().data();
            return OwnerOnly.folder(data.resolve("policies")).resolve(name + "-" + storage + ".kept");
        } catch (IOException e) {
            throw new UsageFault(
                    "the data folder " + asked.setting().data() + " cannot be written: " + e.getMessage(), e);
        }
    }

    /// Registers it.
    ///
    /// @throws UsageFault where there is no policy of the collective to begin with
    RegisterStorageResponse begin() {
        if (collective.isEmpty()) {
            terms = register(asked.declared(), asked.declared().policy().orElseThrow());
        } else {
            begin(collective.get());
        }
        return terms;
    }

    /// Registers it anew, since the coordinator knows it no more: its database has been set back to a time before.
    ///
    /// @throws Renumbered where it has another number now, so that all that works under the old one is to end
    void again() {
        long before = terms.getStorageId();
        if (begin().getStorageId() != before) {
            throw new Renumbered("the coordinator, set back to a time before, has given storage " + before
                    + " the number " + terms.getStorageId());
        }
    }

    private void begin(CollectivePolicy policy) {
        OfferedPolicy offered = policy.begin();
        try {
            take(policy, offered);
        } catch (StatusRuntimeException e) {
            take(policy, refused(e).flatMap(why -> policy.instead(offered, why)).orElseThrow(() -> e));
        }
    }

    /// Why the coordinator would not have it so, where it was not merely away.
    private static Optional<String> refused(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.INVALID_ARGUMENT
                ? Optional.of(FailedCall.why(failure.getStatus()))
                : Optional.empty();
    }

    /// As it is registered now: anew, where its policy is another one since. To be asked before each scan.
    RegisterStorageResponse present() {
        collective.ifPresent(policy -> policy.changed().ifPresent(offered -> {
            try {
                take(policy, offered);
            } catch (StatusRuntimeException e) {
                policy.refused(offered, refused(e).orElseThrow(() -> e));
            }
        }));
        return terms;
    }

    private void take(CollectivePolicy policy, OfferedPolicy offered) {
        RegisterStorageResponse before = terms;
        terms = register(
                asked.declared().inOrderOf(offered.policy()), offered.policy().selfContained());
        policy.taken(offered);
        String which = before.getStorageId() == 0
                ? "is ruled by"
                : before.getPolicyEpoch().equals(terms.getPolicyEpoch())
                        ? "is ruled as before, by another text of"
                        : "is ruled from this scan on, which looks at every object anew, by";
        System.err.println("picket: storage " + terms.getStorageId() + " " + which + " the collective's policy "
                + asked.setting().policy().map(PolicyChoice::toString).orElseThrow() + " (\""
                + offered.policy().id()
                + "\" version " + offered.policy().version() + "), SHA-256 "
                + offered.sha256().hex() + ", epoch "
                + HexFormat.of().formatHex(terms.getPolicyEpoch().toByteArray()));
        offered.policy().idle().forEach(idle -> System.err.println("picket: warning: in the policy, " + idle));
    }

    /// A storage is served under another number from now on.
    static final class Renumbered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Renumbered(String message) {
            super(message);
        }
    }

    private RegisterStorageResponse register(Declared declared, String policy) {
        RegisterStorageRequest.Builder registration = declared.registration(asked.identity(), asked.mode(), policy);
        circle.map(Circle::named).ifPresent(registration::setCircle);
        registration.setCircleOfInvite(circle.isPresent() && asked.circle().isEmpty());
        return Attempts.PATIENT.call(
                () -> SitesGrpc.newBlockingStub(member.coordinator()).register(registration.build()));
    }
}
