package org.picket.crawler.supply;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.Attempts;

/// The coordinators of a collective, one of which keeps the lease that a ticket was issued for: the others do
/// not honour it. Which one that is tells the ticket's term, once a ticket of it was honoured.
///
/// Safe for any number of threads.
final class SupplyClients {
    /// Terms remembered, the latest ones; there is one for each start of a coordinator.
    static final int REMEMBERED = 256;

    private final List<SupplyClient> clients;
    private final Attempts attempts;
    private final ConcurrentSkipListMap<Long, SupplyClient> byTerm = new ConcurrentSkipListMap<>();

    SupplyClients(List<SupplyClient> clients, Attempts attempts) {
        this.clients = List.copyOf(clients);
        this.attempts = attempts;
    }

    /// What a ticket stands for.
    ///
    /// @param keeper of the lease
    record Honoured(SupplyClient keeper, Terms terms) {}

    SupplyClient at(int coordinator) {
        return clients.get(coordinator);
    }

    /// @param keeper of the lease, where that is known
    /// @throws StatusRuntimeException where no coordinator honours the ticket
    Honoured resolve(OpenViewsRequest request, Optional<SupplyClient> keeper) {
        if (keeper.isPresent() || clients.size() == 1) {
            SupplyClient client = keeper.orElseGet(clients::getFirst);
            return new Honoured(client, attempts.call(() -> client.resolve(request)));
        }
        return attempts.call(() -> ask(request));
    }

    private Honoured ask(OpenViewsRequest request) {
        long term = SupplyClient.ticket(request).getFence().getTerm();
        StatusRuntimeException refused =
                Status.PERMISSION_DENIED.withDescription("no ticket").asRuntimeException();
        Optional<StatusRuntimeException> unreached = Optional.empty();
        for (SupplyClient client : order(term)) {
            try {
                Honoured honoured = new Honoured(client, client.resolve(request));
                remember(term, client);
                return honoured;
            } catch (StatusRuntimeException e) {
                if (Attempts.passing(e.getStatus().getCode())) {
                    unreached = Optional.of(e);
                } else {
                    refused = e;
                }
            }
        }
        // The one that could not be reached may honour it.
        throw unreached.orElse(refused);
    }

    private void remember(long term, SupplyClient client) {
        boolean fresh = !client.equals(byTerm.put(term, client));
        if (fresh && byTerm.size() > REMEMBERED) {
            // A later start ends the earlier ones of its coordinator, so the lowest are those that are over.
            byTerm.pollFirstEntry();
        }
    }

    private List<SupplyClient> order(long term) {
        List<SupplyClient> order = new ArrayList<>(clients);
        Optional.ofNullable(byTerm.get(term)).ifPresent(likely -> {
            order.remove(likely);
            order.addFirst(likely);
        });
        return order;
    }
}
