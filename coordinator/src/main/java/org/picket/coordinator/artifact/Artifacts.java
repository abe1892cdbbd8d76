package org.picket.coordinator.artifact;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import java.util.List;
import java.util.function.Function;
import org.picket.coordinator.fleet.Member;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.time.TimeSource;

/// What a coordinator hands out.
public final class Artifacts {
    private final ArtifactsEndpoint endpoint;

    /// @param key the coordinator's own: its word that an artifact is what it says
    /// @param wanted digests of the bundles that an agent is to run, most wanted first; asked often
    public Artifacts(
            ArtifactSettings settings, SigningKey key, TimeSource time, Function<Member, List<ByteString>> wanted) {
        endpoint = new ArtifactsEndpoint(new Shelf(settings.folder(), key, time), settings, wanted);
    }

    /// `Artifacts` of `picket.v1`. Its calls may block.
    public BindableService service() {
        return endpoint;
    }
}
