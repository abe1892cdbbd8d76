package org.picket.cli;

import java.time.Duration;
import java.util.function.Supplier;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;

/// What scans on this machine have left behind. Orders are carried out by this very process.
///
/// @param solo closed with it
record SoloAdministration(Solo solo) implements Administration {
    @Override
    public FindingsBlockingStub findings() {
        return solo.findings();
    }

    @Override
    public HashListsBlockingStub hashLists() {
        return solo.hashLists();
    }

    @Override
    public <T> T ask(Supplier<T> call) {
        return call.get();
    }

    @Override
    public String orderedBy() {
        return Solo.person();
    }

    @Override
    public Outcomes carryOut(Ordered ordered, Duration wait) {
        long open = new OutcomeWatch(findings(), ordered, "").look().open();
        String left = solo.carryOutOrders(open).orElse("the same command again goes on from here");
        return new OutcomeWatch(findings(), ordered, left).look();
    }

    @Override
    public void close() {
        solo.close();
    }
}
