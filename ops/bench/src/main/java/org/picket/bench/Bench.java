package org.picket.bench;

/// One program that measures something and prints figures.
@FunctionalInterface
public interface Bench {
    /// Measures and prints.
    ///
    /// @throws Exception where it could not be measured: a bench that fails ends the program with status 1
    void run(Workplace workplace) throws Exception;
}
