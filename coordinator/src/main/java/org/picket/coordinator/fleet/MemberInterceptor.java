package org.picket.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.HexFormat;
import java.util.Optional;

/// Finds the member behind a call by its session, and lets the call through where the member's role may make
/// it.
final class MemberInterceptor implements ServerInterceptor {
    /// 64 hexadecimal digits.
    static final Metadata.Key<String> SESSION = Metadata.Key.of("picket-session", Metadata.ASCII_STRING_MARSHALLER);

    private static final int SESSION_DIGITS = 64;

    private final Fleet fleet;

    MemberInterceptor(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        String service =
                Optional.ofNullable(call.getMethodDescriptor().getServiceName()).orElse("");
        if (AccessRules.open(service)) {
            return next.startCall(call, headers);
        }
        Optional<Member> member = token(headers).flatMap(fleet::bySession);
        if (member.isEmpty()) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription("no valid session: enrol first"));
        }
        if (!AccessRules.allowed(service, member.get().role())) {
            return refuse(
                    call,
                    Status.PERMISSION_DENIED.withDescription(
                            "a member of the role " + member.get().role() + " may not call " + service));
        }
        return Contexts.interceptCall(member.get().in(Context.current()), call, headers, next);
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
