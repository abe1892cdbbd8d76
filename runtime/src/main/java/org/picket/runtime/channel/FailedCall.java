package org.picket.runtime.channel;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.runtime.terminal.Screen;

/// Why a call failed, in words for whoever made it. Pure.
public final class FailedCall {
    /// Causes that are looked at.
    private static final int CAUSES = 16;

    /// The other side may be a stranger, whose certificate or greeting stands in a message.
    private static final int CHARACTERS = 200;

    private FailedCall() {}

    /// What is wrong with the certificate at the other end, or what a connection failed of first; gRPC's own
    /// description
    /// of that is its parts. Of a call that failed otherwise, what the other side said.
    ///
    /// @return one line of printable characters, 200 at most
    public static String why(Status status) {
        List<Throwable> causes = Stream.iterate(status.getCause(), cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .filter(cause -> cause.getMessage() != null && !(cause instanceof StatusRuntimeException))
                .toList();
        return causes.stream()
                .filter(CertificateException.class::isInstance)
                .findFirst()
                .or(() -> causes.isEmpty() ? Optional.empty() : Optional.of(causes.getLast()))
                .map(Throwable::getMessage)
                .or(() -> Optional.ofNullable(status.getDescription()))
                .flatMap(words -> words.lines().findFirst())
                .map(line -> Screen.printable(line.substring(0, Math.min(line.length(), CHARACTERS))))
                .orElse(status.getCode().toString());
    }
}
