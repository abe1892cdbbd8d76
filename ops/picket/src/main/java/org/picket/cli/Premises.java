package org.picket.cli;

import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.supply.Commons;
import org.picket.crawler.supply.SharedViews;
import org.picket.runtime.channel.Address;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.telemetry.Meters;

/// What a crawler's process has once, for all its storages.
///
/// @param commons decoders, line and heap
/// @param views where agents open them directly
/// @param address where agents find that; empty: nowhere
/// @param relay the other way; empty: views take the first alone
/// @param paused on while nothing is to be listed or supplied
/// @param meters told what there is to tell
/// @param manner how it is done
/// @param begun to be run once a storage is served
record Premises(
        RemoteMember member,
        Commons commons,
        SharedViews views,
        Optional<Address> address,
        Optional<Relayed> relay,
        SiteSwitch paused,
        Meters meters,
        Manner manner,
        Ending ending,
        Runnable begun) {
    /// How views go over the coordinators.
    ///
    /// @param channels one to each of them, for nothing else
    record Relayed(List<ManagedChannel> channels, Introduction introduction) {}

    /// How a crawler is to serve its storages.
    ///
    /// @param storages of it
    /// @param once whether each is scanned once, and then the process ends
    /// @param json whether scans are told as JSON objects
    record Manner(int storages, boolean once, boolean json) {
        boolean alone() {
            return storages == 1;
        }
    }

    boolean goesOn() {
        return ending.goesOn();
    }
}
