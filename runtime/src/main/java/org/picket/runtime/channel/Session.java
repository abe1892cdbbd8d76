package org.picket.runtime.channel;

import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.HexFormat;
import java.util.Optional;

/// The session token of a member: the metadata `picket-session`, as lower-case hexadecimal digits. It is a
/// credential and is never logged.
public final class Session {
    /// The metadata that carries it.
    public static final Metadata.Key<String> KEY = Metadata.Key.of("picket-session", Metadata.ASCII_STRING_MARSHALLER);

    private Session() {}

    /// Sends the token with each call.
    public static ClientInterceptor attach(ByteString token) {
        String text = HexFormat.of().formatHex(token.toByteArray());
        Metadata headers = new Metadata();
        headers.put(KEY, text);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /// The token that came with a call; empty where there is none, or none that can be read.
    public static Optional<ByteString> read(Metadata headers) {
        return Optional.ofNullable(headers.get(KEY)).flatMap(text -> {
            try {
                return Optional.of(ByteString.copyFrom(HexFormat.of().parseHex(text)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }
}
