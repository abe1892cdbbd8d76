package org.picket.cli;

import java.util.Optional;
import org.picket.runtime.channel.Address;
import org.picket.runtime.config.Configuration;

/// How the views of all storages of a crawler reach agents.
///
/// @param views which ways there are
/// @param listen where agents open views; empty: nowhere
/// @param address where they find that; empty: where it listens
record CrawlerWays(ViewsWay views, Optional<Address> listen, Optional<Address> address) {
    private static final Address USUAL = new Address("127.0.0.1", 0);

    static CrawlerWays of(Configuration configuration) {
        ViewsWay views = configuration.get(Keys.CRAWLER_VIEWS).orElse(ViewsWay.AUTO);
        Optional<Address> listen = switch (views) {
            case AUTO -> configuration.get(Keys.CRAWLER_LISTEN);
            case DIRECT -> Optional.of(configuration.get(Keys.CRAWLER_LISTEN).orElse(USUAL));
            case RELAY -> Optional.empty();
        };
        Optional<Address> address = configuration.get(Keys.CRAWLER_ADDRESS);
        if (listen.isEmpty() && address.isPresent() && views == ViewsWay.AUTO) {
            throw new UsageFault(
                    "by --address agents would look for a crawler that does not listen; say where by --listen");
        }
        listen.filter(CoordinatorCommand::everywhere)
                .filter(_ -> address.isEmpty())
                .ifPresent(everywhere -> {
                    throw new UsageFault("agents cannot reach " + everywhere
                            + "; say by --address HOST:PORT where they find this crawler");
                });
        return new CrawlerWays(views, listen, address);
    }
}
