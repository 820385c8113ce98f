// Runs in Rhino, which lies in the same archive as the engine: a Java runtime without compiler does.
// Arguments: a PDF, then profiles. Prints a line of JSON for each profile.
var verapdf = Packages.org.verapdf;
verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = verapdf.pdfa.Foundries.defaultInstance();
for (var i = 1; i < arguments.length; i++) {
    var flavour = verapdf.pdfa.flavours.PDFAFlavour.byFlavourId(arguments[i]);
    var parser = foundry.createParser(new java.io.File(arguments[0]), flavour);
    var result = foundry.createValidator(flavour, false).validate(parser);
    var failed = result.getTestAssertions().toArray().map(function (assertion) {
        return String(assertion.getRuleId().getClause());
    });
    print(JSON.stringify({
        profile: String(result.getValidationProfile().getDetails().getName()),
        compliant: result.isCompliant(),
        checks: Number(result.getTotalAssertions()),
        failed: failed,
    }));
    parser.close();
}
