package org.picket.model.training;

/// How to train.
///
/// @param scenes how many scenes to learn from
/// @param epochs how often each is seen
/// @param batch views per step
/// @param seed of the first scene, the weights and the order
/// @param rate of the first step; it falls to a fiftieth along half a cosine
public record TrainingPlan(int scenes, int epochs, int batch, long seed, double rate) {
    /// The plan that made the stand-in that ships.
    public static final TrainingPlan STAND_IN = new TrainingPlan(8_000, 9, 32, 20_261_121L, 3e-3);
}
