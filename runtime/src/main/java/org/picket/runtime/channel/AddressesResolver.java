package org.picket.runtime.channel;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// Tells a channel of several servers: it stays with the first that it reaches, in their order, and goes on to
/// the next where that one is gone. Names are looked up anew for each connection; those that are unknown are
/// passed over.
final class AddressesResolver extends NameResolver {
    private static final String SCHEME = "picket";

    private final Addresses addresses;
    private final Executor executor;
    private volatile boolean over;

    private AddressesResolver(Addresses addresses, Executor executor) {
        this.addresses = addresses;
        this.executor = executor;
    }

    /// What a channel to such servers is made for, once [Provider] is known.
    static String target(Addresses addresses) {
        try {
            return new URI(SCHEME, "", "/" + addresses, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no list of addresses: " + addresses, e);
        }
    }

    /// Makes one for each channel.
    static final class Provider extends NameResolverProvider {
        @Override
        protected boolean isAvailable() {
            return true;
        }

        /// Never the usual one.
        @Override
        protected int priority() {
            return 0;
        }

        @Override
        public String getDefaultScheme() {
            return SCHEME;
        }

        @Override
        public NameResolver newNameResolver(URI target, Args args) {
            return new AddressesResolver(Addresses.parse(target.getPath().substring(1)), args.getOffloadExecutor());
        }
    }

    @Override
    public String getServiceAuthority() {
        return addresses.each().getFirst().toString();
    }

    private volatile Listener2 listener = new Listener2() {
        @Override
        public void onResult(ResolutionResult result) {
            // Nobody listens yet.
        }

        @Override
        public void onError(Status status) {
            // Nobody listens yet.
        }
    };

    @Override
    public void start(Listener2 hears) {
        listener = hears;
        refresh();
    }

    @Override
    public void refresh() {
        executor.execute(this::resolve);
    }

    private void resolve() {
        List<EquivalentAddressGroup> found = new ArrayList<>();
        for (Address address : addresses.each()) {
            try {
                for (InetAddress one : InetAddress.getAllByName(address.host())) {
                    found.add(new EquivalentAddressGroup(new InetSocketAddress(one, address.port())));
                }
            } catch (UnknownHostException _) {
                // Another one may be known.
            }
        }
        if (over) {
            return;
        }
        listener.onResult(ResolutionResult.newBuilder()
                .setAddressesOrError(
                        found.isEmpty()
                                ? StatusOr.fromStatus(
                                        Status.UNAVAILABLE.withDescription("no host is known of " + addresses))
                                : StatusOr.fromValue(found))
                .build());
    }

    @Override
    public void shutdown() {
        over = true;
    }
}
