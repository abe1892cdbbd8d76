package org.picket.agent.inference;

/// What came of starting an engine.
public sealed interface EngineStart {
    /// The engine runs; its golden views have not been checked yet.
    record Started(Engine engine) implements EngineStart {}

    /// The bundle's graph cannot be run here.
    ///
    /// @param inWords what happened and what to do
    record Refused(String inWords) implements EngineStart {}

    /// The engine, where there is nothing to do without one.
    ///
    /// @throws IllegalStateException with the reason in words
    default Engine orThrow() {
        return switch (this) {
            case Started started -> started.engine();
            case Refused refused -> throw new IllegalStateException(refused.inWords());
        };
    }
}
