package org.picket.crawler.image.structure;

/// Leaves the depth of a parser with the flaw it found. Never seen outside this package; carries no stack,
/// since a hostile store would make many.
public final class FlawedObject extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Flaw flaw;

    public FlawedObject(Flaw flaw) {
        super(flaw.name(), null, false, false);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
