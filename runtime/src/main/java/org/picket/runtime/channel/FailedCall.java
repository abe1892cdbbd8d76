package org.picket.runtime.channel;

import io.grpc.Status;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Why a call failed, in words for whoever made it. Pure.
public final class FailedCall {
    /// That are looked at.
    private static final int CAUSES = 16;

    private FailedCall() {}

    /// What is wrong with the certificate at the other end, or the first cause: of a connection that failed gRPC itself
    /// names its parts. Where there is no cause, what the other side said.
    public static String why(Status status) {
        List<Throwable> causes = Stream.iterate(status.getCause(), cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .filter(cause -> cause.getMessage() != null)
                .toList();
        return causes.stream()
                .filter(CertificateException.class::isInstance)
                .findFirst()
                .or(() -> causes.isEmpty() ? Optional.empty() : Optional.of(causes.getLast()))
                .map(Throwable::getMessage)
                .or(() -> Optional.ofNullable(status.getDescription()))
                .orElse(status.getCode().toString());
    }
}
