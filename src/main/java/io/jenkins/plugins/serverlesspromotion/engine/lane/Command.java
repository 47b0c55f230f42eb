package io.jenkins.plugins.serverlesspromotion.engine.lane;

/** Work that the engine needs; its result comes back as a {@link Fact}. Repeating a command is always safe. */
public sealed interface Command {
    String promotion();

    /** Two commands are the same work exactly when their keys are equal. */
    String key();

    record MakePlan(String promotion, int planning) implements Command {
        @Override
        public String key() {
            return promotion + "/plan/" + planning;
        }
    }

    /** Reads the current groups of the people who decided. */
    record ReadMembership(String promotion, int number) implements Command {
        @Override
        public String key() {
            return promotion + "/membership/" + number;
        }
    }

    record DeployStep(String promotion, int attempt, String step) implements Command {
        @Override
        public String key() {
            return promotion + "/deploy/" + attempt + "/" + step;
        }
    }

    record VerifyWave(String promotion, int attempt, int wave) implements Command {
        @Override
        public String key() {
            return promotion + "/verify/" + attempt + "/" + wave;
        }
    }

    record UndoStep(String promotion, int attempt, String step) implements Command {
        @Override
        public String key() {
            return promotion + "/undo/" + attempt + "/" + step;
        }
    }
}
