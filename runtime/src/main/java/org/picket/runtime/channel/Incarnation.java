package org.picket.runtime.channel;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which process of a member calls: the metadata `picket-incarnation`, 32 lower-case hexadecimal digits that a process
/// makes at random when it starts. Two processes that use one key are told apart by it.
public final class Incarnation {
    /// The metadata that carries it.
    public static final Metadata.Key<String> KEY =
            Metadata.Key.of("picket-incarnation", Metadata.ASCII_STRING_MARSHALLER);

    private static final int BYTES = 16;
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

    private Incarnation() {}

    /// A new one.
    public static String random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Sends it with each call.
    public static ClientInterceptor attach(String incarnation) {
        Metadata headers = new Metadata();
        headers.put(KEY, incarnation);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /// What came with a call; empty where there is none, or none that can be one.
    public static Optional<String> read(Metadata headers) {
        return Optional.ofNullable(headers.get(KEY))
                .filter(text -> DIGITS.matcher(text).matches());
    }
}
