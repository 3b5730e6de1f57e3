import java.io.File;
import java.util.HashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Arguments: profiles with commas between them, then files. Prints, parted by tabs, a line "checked" with the number of
 * checks for each file and profile, followed by a line "failed" for each rule that is broken. Run by tests/verapdf.py.
 */
class Verify {
    private static final int KEPT = 1000;

    public static void main(String[] words) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int place = 1; place < words.length; place++) {
            for (String profile : words[0].split(",")) {
                verify(profile, words[place]);
            }
        }
    }

    private static void verify(String profile, String file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, KEPT, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            print("checked", profile, file, result.getTotalAssertions());
            Map<RuleId, TestAssertion> first = new HashMap<>();
            result.getTestAssertions().forEach(found -> first.putIfAbsent(found.getRuleId(), found));
            result.getFailedChecks().forEach((rule, count) -> {
                TestAssertion found = first.get(rule);
                print("failed", profile, file, rule.getClause(), rule.getTestNumber(), count,
                    found == null ? "" : found.getMessage(), found == null ? "" : found.getLocation().getContext());
            });
        }
    }

    private static void print(Object... cells) {
        StringBuilder line = new StringBuilder();
        for (Object cell : cells) {
            line.append(line.length() == 0 ? "" : "\t").append(String.valueOf(cell).replaceAll("\\s+", " "));
        }
        System.out.println(line);
    }
}
