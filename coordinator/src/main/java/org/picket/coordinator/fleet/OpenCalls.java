package org.picket.coordinator.fleet;

import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.MemberId;
import org.picket.runtime.channel.EndableCall;

/// The calls that members have under way, so that those of a member who is silenced end at once, and so that no
/// member has so many that nobody else gets through.
///
/// Safe for any number of threads.
final class OpenCalls {
    /// Of one agent with all its leases: it has a quarter of it.
    static final int OF_ONE = 256;

    /// Of one crawler: for each of up to 64 storages three that wait (for orders, for a scan's end, for views that are
    /// wanted at the relay), two streams at the relay, and what is asked and reported for these.
    static final int OF_A_CRAWLER = 512;

    /// Of a person: a few commands side by side, of which some watch a scan, each holding a thread all that time.
    static final int OF_A_PERSON = 16;

    private final ConcurrentHashMap<MemberId, Set<OpenCall<?, ?>>> calls = new ConcurrentHashMap<>();

    /// How many calls a member may have under way.
    static int most(MemberRole role) {
        return switch (role) {
            case AGENT -> OF_ONE;
            case CRAWLER -> OF_A_CRAWLER;
            case ADMINISTRATOR, STEWARD -> OF_A_PERSON;
        };
    }

    /// Keeps a call until [#over].
    ///
    /// @param most that the member may have: see [#most]
    /// @param context of the call's handler: cancelled where the call is ended from outside
    /// @return empty where the member has as many as it may have
    <A, B> Optional<OpenCall<A, B>> opened(
            MemberId member, int most, Context.CancellableContext context, ServerCall<A, B> call) {
        OpenCall<A, B> open = new OpenCall<>(member, context, call);
        Set<OpenCall<?, ?>> kept = calls.compute(member, (_, set) -> {
            Set<OpenCall<?, ?>> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            if (all.size() < most) {
                all.add(open);
            }
            return all;
        });
        return kept.contains(open) ? Optional.of(open) : Optional.empty();
    }

    /// The call has ended.
    void over(OpenCall<?, ?> call) {
        calls.computeIfPresent(call.member, (_, set) -> {
            set.remove(call);
            return set.isEmpty() ? null : set;
        });
    }

    /// Whether a member has any under way.
    boolean any(MemberId member) {
        return calls.containsKey(member);
    }

    /// Ends all calls of a member.
    void end(MemberId member, Status status) {
        Set.copyOf(calls.getOrDefault(member, Set.of())).forEach(call -> call.end(status));
    }

    /// One of them.
    static final class OpenCall<A, B> extends EndableCall<A, B> {
        private final MemberId member;
        private final Context.CancellableContext context;

        private OpenCall(MemberId member, Context.CancellableContext context, ServerCall<A, B> call) {
            super(call);
            this.member = member;
            this.context = context;
        }

        @Override
        protected void end(Status status) {
            super.end(status);
            context.cancel(status.asException());
        }
    }
}
