package org.picket.runtime.channel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.proto.limit.Limits;

/// Which version of the contract a process speaks: the metadata `picket-contract` of each call, a decimal number. It
/// grows by one with each release that changes what processes say to each other, or keep in the database. Those one
/// apart work together, so that a collective can be brought to another release one process after the other; those
/// further apart do not.
///
/// @param number 1 where nothing was said: before versions were told
public record ContractVersion(int number) {
    /// This build's.
    public static final ContractVersion OURS = new ContractVersion(Limits.CONTRACT_VERSION);

    /// The metadata that carries it.
    public static final Metadata.Key<String> KEY = Metadata.Key.of("picket-contract", Metadata.ASCII_STRING_MARSHALLER);

    /// Before versions were told.
    public static final ContractVersion UNTOLD = new ContractVersion(1);

    private static final int MOST_APART = 1;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    /// What came with a call. What is no number is as far from all of them as 0 is.
    public static ContractVersion read(Metadata headers) {
        return Optional.ofNullable(headers.get(KEY))
                .map(text -> new ContractVersion(DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0))
                .orElse(UNTOLD);
    }

    /// Whether processes of both work together.
    public boolean with(ContractVersion other) {
        return Math.abs(number - other.number) <= MOST_APART;
    }

    /// Sends this build's with each call that does not say one already.
    static ClientInterceptor attach() {
        return new ClientInterceptor() {
            @Override
            public <A, B> ClientCall<A, B> interceptCall(
                    MethodDescriptor<A, B> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<B> answers, Metadata headers) {
                        if (!headers.containsKey(KEY)) {
                            headers.put(KEY, OURS.toString());
                        }
                        super.start(answers, headers);
                    }
                };
            }
        };
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
