package org.picket.runtime.channel;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.runtime.Version;

/// Which Picket a process is: the contract that it speaks, by which it is let in, and its release, the metadata
/// `picket-release` of each call, which is for people alone.
///
/// @param release empty: it does not say
public record Build(ContractVersion contract, String release) {
    /// This one.
    public static final Build OURS = new Build(ContractVersion.OURS, Version.PICKET);

    /// The metadata that carries the release.
    static final Metadata.Key<String> KEY = Metadata.Key.of("picket-release", Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern RELEASE = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+-]{0,31}");

    public Build {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(release);
    }

    /// What came with a call. What cannot be the name of a release is none.
    public static Build read(Metadata headers) {
        return new Build(
                ContractVersion.read(headers),
                Optional.ofNullable(headers.get(KEY))
                        .filter(text -> RELEASE.matcher(text).matches())
                        .orElse(""));
    }

    /// Sends this build's release with each call.
    static ClientInterceptor attach() {
        Metadata headers = new Metadata();
        headers.put(KEY, OURS.release);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
}
