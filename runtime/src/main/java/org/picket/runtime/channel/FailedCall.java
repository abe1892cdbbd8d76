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

    /// What is wrong with the certificate at the other end, or what a connection failed of first, where gRPC
    /// itself would name its parts: one line of printable characters, 200 at most, for it may be a stranger's. Of
    /// a call that was answered, what the other side said, whole and as it said it.
    public static String why(Status status) {
        Optional<String> said = Optional.ofNullable(status.getDescription());
        Optional<String> why = status.getCode() == Status.Code.UNAVAILABLE
                ? first(status.getCause()).or(() -> said).flatMap(FailedCall::line)
                : said;
        return why.orElse(status.getCode().toString());
    }

    private static Optional<String> first(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .filter(cause -> cause.getMessage() != null && !(cause instanceof StatusRuntimeException))
                .toList();
        return causes.stream()
                .filter(CertificateException.class::isInstance)
                .findFirst()
                .or(() -> causes.isEmpty() ? Optional.empty() : Optional.of(causes.getLast()))
                .map(Throwable::getMessage);
    }

    private static Optional<String> line(String words) {
        return words.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> Screen.printable(line.substring(0, Math.min(line.length(), CHARACTERS))));
    }
}
