package org.picket.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.SSLSession;
import org.picket.coordinator.fleet.OpenCalls.OpenCall;
import org.picket.runtime.channel.Build;
import org.picket.runtime.channel.ContractVersion;
import org.picket.runtime.channel.Incarnation;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.time.TimeSource;

/// Finds the member behind a call, by its certificate where there is TLS and else by its session, and lets the
/// call through where the member's role may make it.
final class MemberInterceptor implements ServerInterceptor {
    /// 64 hexadecimal digits.
    static final Metadata.Key<String> SESSION = Metadata.Key.of("picket-session", Metadata.ASCII_STRING_MARSHALLER);

    private static final int SESSION_DIGITS = 64;
    private static final Context.Key<Optional<SocketAddress>> FROM =
            Context.keyWithDefault("picket-from", Optional.empty());

    private final Fleet fleet;
    private final OpenCalls calls;
    private final TimeSource time;

    MemberInterceptor(Fleet fleet, OpenCalls calls, TimeSource time) {
        this.fleet = fleet;
        this.calls = calls;
        this.time = time;
    }

    /// Who calls.
    private sealed interface Caller {
        record Known(Member member) implements Caller {}

        record Refused(Status status) implements Caller {}
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        ContractVersion theirs = ContractVersion.read(headers);
        if (!ContractVersion.OURS.with(theirs)) {
            return refuse(call, apart(theirs));
        }
        if (AccessTable.open(method)) {
            Context from = Context.current()
                    .withValue(FROM, Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
            return Contexts.interceptCall(from, call, headers, next);
        }
        return switch (caller(call, headers)) {
            case Caller.Refused refused -> refuse(call, refused.status());
            case Caller.Known known
            when !AccessTable.allowed(method, known.member().role()) ->
                refuse(
                        call,
                        Status.PERMISSION_DENIED.withDescription(
                                "a member of the role " + known.member().role() + " may not call " + method));
            case Caller.Known known -> start(known.member(), call, headers, next);
        };
    }

    private <A, B> ServerCall.Listener<A> start(
            Member member, ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        int most = OpenCalls.most(member.role());
        Context.CancellableContext context = member.in(Context.current()).withCancellation();
        Optional<OpenCall<A, B>> opened = calls.opened(member.id(), most, context, call);
        if (opened.isEmpty()) {
            context.cancel(null);
            return refuse(
                    call,
                    Status.RESOURCE_EXHAUSTED.withDescription(member.party() + " has " + most
                            + " calls under way, which is the most; wait until some end"));
        }
        OpenCall<A, B> open = opened.get();
        try {
            return begin(member, context, open, headers, next);
        } catch (RuntimeException e) {
            calls.over(open);
            context.cancel(null);
            throw e;
        }
    }

    private <A, B> ServerCall.Listener<A> begin(
            Member member,
            Context.CancellableContext context,
            OpenCall<A, B> open,
            Metadata headers,
            ServerCallHandler<A, B> next) {
        // Whoever was silenced since it was looked up has had its calls ended without this one.
        Optional<Member> silenced = fleet.keyring().anyone(member.key().id()).filter(Member::silent);
        if (silenced.isPresent()) {
            calls.over(open);
            context.cancel(null);
            return refuse(open, silent(silenced.get()));
        }
        Optional<String> incarnation = Incarnation.read(headers).filter(_ -> oneProcess(member.role()));
        OptionalLong process =
                incarnation.map(said -> fleet.heardOf(member, said)).orElse(OptionalLong.empty());
        if (incarnation.isPresent() && fleet.holdsOut(member.id())) {
            calls.over(open);
            context.cancel(null);
            return refuse(open, held(member, Fleet.TWO_PROCESSES));
        }
        Build build = Build.read(headers);
        fleet.heardOf(member.id(), build);
        ServerCall.Listener<A> listener =
                Contexts.interceptCall(Member.withProcess(context, process), open, headers, next);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onComplete() {
                over(open, member, build);
                super.onComplete();
                context.cancel(null);
            }

            @Override
            public void onCancel() {
                over(open, member, build);
                super.onCancel();
                context.cancel(null);
            }
        };
    }

    private void over(OpenCall<?, ?> open, Member member, Build build) {
        calls.over(open);
        fleet.heardOf(member.id(), build);
    }

    private Caller caller(ServerCall<?, ?> call, Metadata headers) {
        SSLSession tls = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (tls != null) {
            return Peer.of(tls)
                    .map(this::byCertificate)
                    .orElseGet(
                            () -> unauthenticated("this call needs a member's certificate: join with an invite first"));
        }
        return token(headers)
                .flatMap(fleet::bySession)
                .<Caller>map(Caller.Known::new)
                .orElseGet(() -> unauthenticated("no valid session: enrol first"));
    }

    private Caller byCertificate(Peer peer) {
        if (!peer.until().isAfter(time.now())) {
            return unauthenticated("the certificate of " + peer.party()
                    + " has expired: members renew theirs by themselves, so see whether the clocks of both machines"
                    + " are right");
        }
        Optional<Member> member = fleet.keyring()
                .anyone(peer.key().id())
                .filter(found -> found.party().equals(peer.party()));
        if (member.isEmpty()) {
            return unauthenticated(peer.party() + " is no member here: join with an invite first");
        }
        return member.get().silent() ? new Caller.Refused(silent(member.get())) : new Caller.Known(member.get());
    }

    /// Where the stranger is who makes the present call; empty where the transport does not tell.
    static Optional<SocketAddress> address() {
        return FROM.get();
    }

    /// People give several commands at once; agents and crawlers are one process each.
    private static boolean oneProcess(MemberRole role) {
        return switch (role) {
            case AGENT, CRAWLER -> true;
            case ADMINISTRATOR, STEWARD -> false;
        };
    }

    /// What a member is told that may not speak.
    static Status silent(Member member) {
        return member.heldOutFor().isEmpty()
                ? Status.PERMISSION_DENIED.withDescription(
                        member.party() + " " + member.standing().words())
                : held(member, member.heldOutFor());
    }

    /// What a process is told that is too old or too new, whoever it is.
    private static Status apart(ContractVersion theirs) {
        String remedy = theirs.number() < ContractVersion.OURS.number()
                ? "bring your Picket to the coordinator's release"
                : "the coordinator is to be brought to your release first";
        return Status.UNIMPLEMENTED.withDescription("you speak version " + theirs
                + " of the contract, and this coordinator version " + ContractVersion.OURS
                + ": they work together where they are one apart at most; " + remedy);
    }

    private static Status held(Member member, String why) {
        return Status.PERMISSION_DENIED.withDescription(
                member.party() + " is suspended by its coordinator, until its steward resumes it: " + why);
    }

    private static Caller unauthenticated(String why) {
        return new Caller.Refused(Status.UNAUTHENTICATED.withDescription(why));
    }

    private static <A, B> ServerCall.Listener<A> refuse(ServerCall<A, B> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Optional<ByteString> token(Metadata headers) {
        String digits = headers.get(SESSION);
        if (digits == null || digits.length() != SESSION_DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(ByteString.copyFrom(HexFormat.of().parseHex(digits)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
