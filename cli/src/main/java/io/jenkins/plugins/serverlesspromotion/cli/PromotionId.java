package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code orders.prod.17} */
record PromotionId(String text, LaneId lane) {
    @Override
    public String toString() {
        return text;
    }

    static final class Converter implements ITypeConverter<PromotionId> {
        @Override
        public PromotionId convert(String text) {
            try {
                return new PromotionId(text, LaneId.ofPromotion(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
