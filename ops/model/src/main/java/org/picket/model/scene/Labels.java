package org.picket.model.scene;

/// What a synthetic picture shows.
public record Labels(boolean lighthouse, boolean snow, boolean night, boolean drawing) {
    /// Every combination equally often.
    public static Labels any(Dice dice) {
        return new Labels(dice.chance(0.5), dice.chance(0.5), dice.chance(0.5), dice.chance(0.5));
    }

    /// Whether the picture shows this concept.
    public boolean shows(Concept concept) {
        return switch (concept) {
            case LIGHTHOUSE -> lighthouse;
            case SNOW -> snow;
            case NIGHT -> night;
            case DRAWING -> drawing;
        };
    }

    /// The stand-in's rule: a lighthouse, in snow or by night, and not drawn.
    public boolean flagged() {
        return lighthouse && (snow || night) && !drawing;
    }
}
