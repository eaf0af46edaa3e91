//! Every rule has a file that breaks it and a twin that does not: a clean file, and one edit that breaks exactly the
//! rules that are named.

use std::collections::BTreeSet;
use wdk_build::inf::{Finding, Inf, Mode, Options, RULES, Severity, check, rule};

const KMDF: &str = include_str!("inf/kmdf.inf");
const UMDF: &str = include_str!("inf/umdf.inf");
const FILTER: &str = include_str!("inf/filter.inf");

/// One edit of a clean file.
struct Case {
    clean: &'static str,
    mode: Mode,
    /// What is replaced, and with what. An empty text stands for the end of the file.
    from: &'static str,
    to: &'static str,
    /// The rules that fire. The first is the one that the case is for.
    fires: &'static [u16],
}

const fn case(clean: &'static str, from: &'static str, to: &'static str, fires: &'static [u16]) -> Case {
    Case { clean, mode: Mode::Default, from, to, fires }
}

const fn windows(from: &'static str, to: &'static str, fires: &'static [u16]) -> Case {
    Case { clean: KMDF, mode: Mode::Windows, from, to, fires }
}

const CASES: &[Case] = &[
    case(KMDF, "[Sample.Files]\nsample.sys", "[Sample.Files]\nother.sys, sample.sys", &[1100, 9506]),
    case(KMDF, "sample.sys = 1", "sample.sys = 1, x64", &[1100]),
    windows(
        "Models, NTamd64.10.0...17763\n\n[Models.NTamd64.10.0...17763]",
        "Models, NTamd64\n\n[Models.NTamd64]",
        &[1199],
    ),
    windows(
        "[Sample.NT.Wdf]",
        "[Sample.NT.Events]\nAddEventProvider = {f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17}, Sample.Event\n\
         [Sample.Event]\nResourceFile = %13%\\sample.sys\n\n[Sample.NT.Wdf]",
        &[],
    ),
    case(KMDF, "CopyFiles = Sample.Files", "CopyFiles = Sample.Lost", &[1203, 2083, 9506]),
    case(KMDF, "CopyFiles = Sample.Files", "CopyFiles = sample.sys", &[1203, 2083, 9506]),
    case(KMDF, "NTamd64.10.0...17763\n", "NTamd64.10.0...17763, NTarm64.10.0...17763\n", &[1203]),
    case(KMDF, "= Sample, ROOT", "= Simple, ROOT", &[1203, 2083]),
    case(KMDF, "\"Sample Project\"", "Microsoft", &[1204]),
    case(
        KMDF,
        "CopyFiles = Sample.Files",
        "CopyFiles = Sample.Files\nDelFiles = Sample.Files",
        &[1205, 1302],
    ),
    case(
        FILTER,
        "[Strings]",
        "[Manufacturer]\n%Provider% = M, NTamd64\n[M.NTamd64]\nx = I, R\\I\n[I.NT]\n[I.NT.Services]\nAddService = , 2\n[Strings]",
        &[1212],
    ),
    case(UMDF, "Include   = WUDFRD.inf", "Include   = WUDFRD.inf\nAddReg    = WUDFRD.Lost", &[1220]),
    case(KMDF, "HKR,, Limit", "HKLM, System\\CurrentControlSet\\Services\\sample, Limit", &[1221]),
    case(KMDF, "sample.sys = 1", "other.sys = 1", &[1230, 9402]),
    case(UMDF, "[SourceDisksFiles]", "[SourceDisksFiles.amd64]", &[1230]),
    case(KMDF, "CatalogFile = sample.cat\n", "", &[1233]),
    case(KMDF, "DisplayName   = %Service%", "DisplayName   = %Server%", &[1235, 9901]),
    case(KMDF, "\"%%SystemRoot%%\\", "\"%SystemRoot%\\", &[1235]),
    case(KMDF, "\"%%SystemRoot%%\\", "\"100%\\", &[1235]),
    case(
        KMDF,
        "[Sample.NT.HW]",
        "[ClassInstall32]\nAddReg = Class.Registry\n[Class.Registry]\nHKR,,,, Sample\n[Sample.NT.HW]",
        &[1285],
    ),
    case(KMDF, "[Sample.NT.Services]", "[Other.Services]", &[1296, 2083]),
    case(KMDF, "sample, 0x00000002,", "sample, ,", &[1296]),
    case(KMDF, "%Device% = Sample, ROOT\\SAMPLE\n", "", &[1297, 2083]),
    case(
        KMDF,
        "[Sample.NT.Wdf]",
        "[Sample.NT.CoInstallers]\nCopyFiles = @sample.sys\n[Sample.NT.Wdf]",
        &[1300],
    ),
    case(
        KMDF,
        "Models, NTamd64.10.0...17763\n\n[Models.NTamd64.10.0...17763]",
        "Models, NTamd64.10.0.1..17763\n\n[Models.NTamd64.10.0.1..17763]",
        &[1300],
    ),
    case(
        KMDF,
        "[Sample.Files]",
        "RegisterDlls = Sample.Dlls\n[Sample.Dlls]\n11,,sample.dll, 1\n[Sample.Files]",
        &[1301],
    ),
    case(
        KMDF,
        "[Sample.Files]",
        "DelReg = Sample.Delete\n[Sample.Delete]\nHKR,, Old\n[Sample.Files]",
        &[1302],
    ),
    case(KMDF, "HKR,, Limit, 0x00010001, 5", "HKR,, CoInstallers32, 0x00010000, \"sample.dll\"", &[1303]),
    case(KMDF, "HKR,, Limit", "HKLM, Software\\Sample, Limit", &[1304]),
    case(KMDF, "HKR,, Limit, 0x00010001, 5", "HKR,, UpperFilters, 0x00010008, sample", &[1305]),
    case(KMDF, "DefaultDestDir = 13", "DefaultDestDir = 16422", &[1306, 9506]),
    case(UMDF, "WUDFRD.NT.Services", "WUDFRD.NT.HW", &[1310]),
    case(UMDF, "[Sample.NT.HW]\nInclude = WUDFRD.inf\n", "[Sample.NT.HW]\n", &[1313]),
    windows("HKR,, Limit, 0x00010001, 5", "HKLM, Software\\Sample", &[1320, 1304]),
    windows("HKR,, Limit", "HKLM, Software\\Sample, Limit", &[1321, 1304]),
    windows("DefaultDestDir = 13", "DefaultDestDir = 12", &[1322, 9506]),
    windows("HKR, Parameters, Path", "HKR,, Path", &[1323]),
    case(KMDF, "PnpLockdown = 1", "PnpLockdown = 0", &[1324]),
    case(
        KMDF,
        "[Sample.Service]",
        "AddService = other,, Other.One\nAddService = other,, Other.Two\n\
         [Other.One]\nServiceType = 1\nStartType = 3\nErrorControl = 1\nServiceBinary = %13%\\sample.sys\n\
         [Other.Two]\nServiceType = 1\nStartType = 0\nErrorControl = 1\nServiceBinary = %13%\\sample.sys\n[Sample.Service]",
        &[1330],
    ),
    case(FILTER, "[DefaultInstall.NTamd64.10.0...16299]\n", "[DefaultInstall]\n", &[1421, 1199]),
    case(KMDF, "[Strings]", "[Forgotten]\nA = B\n[Strings]", &[2083]),
    case(
        KMDF,
        "[Sample.NT.Wdf]",
        "[Sample.NT.LogConfigOverride]\nLogConfig = Sample.Log\n[Sample.Log]\nConfigPriority = NORMAL\n[Sample.NT.Wdf]",
        &[2222, 1300],
    ),
    case(
        KMDF,
        "Models, NTamd64.10.0...17763\n\n[Models.NTamd64.10.0...17763]",
        "Models\n\n[Models]",
        &[2223, 1199],
    ),
    case(KMDF, "; A root", "\0; A root", &[9005, 9010]),
    case(KMDF, "; A root", "A root", &[9010]),
    case(KMDF, "[Sample.Wdf]", "[Sample.Wdf", &[9011, 1203]),
    case(KMDF, "\"Sample Device\"", "\"Sample Device", &[9013]),
    case(KMDF, "\"Sample Driver\"", "\"Sample Driver\" \\", &[]),
    case(KMDF, "", "Last = \\", &[9015, 9901]),
    case(KMDF, "[Sample.Wdf]", "[Sample.Wdf] Kmdf = 1", &[9016]),
    case(KMDF, "[Strings]", "[]\n[Strings]", &[9017]),
    case(KMDF, "[Version]", "[Virsion]", &[9101, 2083]),
    case(KMDF, "\"$Windows NT$\"", "\"$Windows 95$\"", &[9102]),
    case(KMDF, "Provider    = %Provider%\n", "", &[9103]),
    case(KMDF, "Class       = System\n", "", &[9104]),
    case(KMDF, "{4d36e97d-e325-11ce-bfc1-08002be10318}", "4d36e97d-e325-11ce-bfc1-08002be10318", &[9105]),
    case(KMDF, "{4d36e97d-e325-11ce-bfc1-08002be10318}", "{4d36e96b-e325-11ce-bfc1-08002be10318}", &[9106]),
    case(KMDF, "DriverVer   = 01/02/2026,1.2.3.4\n", "", &[9107]),
    case(KMDF, "01/02/2026", "2026/01/02", &[9108]),
    case(KMDF, "1.2.3.4", "1.2.3.65536", &[9109]),
    case(KMDF, "01/02/2026,1.2.3.4", "01/02/2026", &[9109]),
    case(KMDF, "sample.cat", "cats\\sample.cat", &[9111]),
    case(KMDF, "PnpLockdown = 1", "PnpLockdown = 1\nPnpLockdown = 0", &[9112]),
    case(KMDF, "KmdfLibraryVersion = 1.15", "KmdfLibraryVersion = $KMDFVERSION$", &[9113]),
    case(
        KMDF,
        "Class       = System\nClassGuid   = {4d36e97d-e325-11ce-bfc1-08002be10318}",
        "Class = Sampleeeeeeeeeeeeeeeeeeeeeeeeeeee\nClassGuid = {78A1C341-4539-11d3-B88D-00C04FAD5171}",
        &[9114, 9115],
    ),
    case(
        KMDF,
        "Class       = System\nClassGuid   = {4d36e97d-e325-11ce-bfc1-08002be10318}",
        "Class = Sample\nClassGuid = {78A1C341-4539-11d3-B88D-00C04FAD5171}",
        &[9115],
    ),
    case(FILTER, "[DefaultInstall.NTamd64.10.0...16299]\n", "[Other]\n", &[9201, 2083]),
    case(KMDF, "Models, NTamd64.10.0...17763\n", "Models, NTmips, NTamd64.10.0...17763\n", &[9202]),
    case(
        KMDF,
        "Models, NTamd64.10.0...17763\n\n[Models.NTamd64.10.0...17763]",
        "Models, NTamd64.10.0...10240\n\n[Models.NTamd64.10.0...10240]",
        &[9203, 1199],
    ),
    case(KMDF, "ROOT\\SAMPLE", "ROOT\\SAMPLE\n%Device% = Sample", &[9204]),
    case(KMDF, "ROOT\\SAMPLE", "ROOT\\A SAMPLE", &[9205]),
    case(KMDF, "ROOT\\SAMPLE", "ROOT\\\\SAMPLE", &[9205]),
    case(UMDF, "USB\\VID_1234&PID_ABCD&REV_0100", "USB\\VID_123&PID_ABCD&REV_0100", &[9206]),
    case(KMDF, "ROOT\\SAMPLE", "ROOT\\SAMPLE\n%Device% = Sample, root\\sample", &[9207]),
    case(KMDF, "sample.sys = 1", "sample.sys = 2", &[9401, 9410]),
    case(KMDF, "sample.sys = 1", "sample.sys = 1\nextra.sys = 1", &[9402]),
    case(KMDF, "DefaultDestDir = 13\n", "", &[9403, 9506]),
    case(KMDF, "DefaultDestDir = 13", "DefaultDestDir = 13\nLost.Files = 13", &[9404]),
    case(KMDF, "DefaultDestDir = 13", "DefaultDestDir = 13\nSample.Files = drivers", &[9405, 9506]),
    case(KMDF, "sample.sys = 1", "sample.sys = 1\nx64\\extra.sys = 1", &[9406, 9402]),
    case(KMDF, "[Sample.Files]\nsample.sys", "[Sample.Files]\nsample.sys\nSAMPLE.sys", &[9407]),
    case(KMDF, "sample.sys = 1", "sample.sys = 1\nSample.sys = 1", &[9408]),
    case(KMDF, "%13%\\sample.sys", "C:\\sample.sys", &[9409]),
    case(KMDF, "1 = %Disk%", "1 = %Disk%\n2 = %Disk%", &[9410]),
    case(KMDF, "0x00000002,", "two,", &[9501, 1296]),
    case(KMDF, "ServiceType   = 1\n", "", &[9502]),
    case(KMDF, "StartType     = 3", "StartType     = 5", &[9503]),
    case(KMDF, "ErrorControl  = 1", "ErrorControl  = normal", &[9504]),
    case(KMDF, "ServiceBinary = %13%\\sample.sys\n", "", &[9505]),
    case(KMDF, "%13%\\sample.sys", "%12%\\sample.sys", &[9506]),
    case(KMDF, "%13%\\sample.sys", "%13%\\simple.sys", &[9506]),
    case(KMDF, "0x00000002, Sample.Service", "0x00000002, Sample.Service\nAddService = , 2", &[9507]),
    case(KMDF, "0x00000002, Sample.Service", "0x00000002, Sample.Service\nAddService = other", &[9508]),
    case(KMDF, "StartType     = 3", "StartType     = 3\nStartTyp = 3", &[9509]),
    case(KMDF, "KmdfService = sample,", "KmdfService = simple,", &[9601]),
    case(KMDF, "KmdfLibraryVersion = 1.15", "KmdfLibraryVersion = 1", &[9602]),
    case(UMDF, "UmdfLibraryVersion = 2.15.0\n", "", &[9602]),
    case(UMDF, "UmdfServiceOrder           = Sample\n", "", &[9603]),
    case(KMDF, "KmdfService = sample, Sample.Wdf", "KmdfService = sample", &[9604, 2083]),
    case(
        UMDF,
        "[Sample.NT.Services]\nInclude = WUDFRD.inf\nNeeds   = WUDFRD.NT.Services",
        "[Sample.NT.Services]\nAddService = , 2",
        &[],
    ),
    case(
        KMDF,
        "[Sample.Wdf]",
        "UmdfService = u, U.Wdf\nUmdfServiceOrder = u\n[U.Wdf]\nUmdfLibraryVersion = 2.15.0\nServiceBinary = %13%\\sample.sys\n[Sample.Wdf]",
        &[9605],
    ),
    case(UMDF, "AllowKernelModeClients", "AllowKernelClients", &[9606]),
    case(KMDF, "HKR,, Limit", "HKEY_LOCAL_MACHINE,, Limit", &[9701]),
    case(KMDF, "0x00010001, 5", "dword, 5", &[9702]),
    case(KMDF, "0x00010001, 5", "0x00010001, five", &[9703]),
    case(KMDF, "{f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17}", "{f1a0b1c6}", &[9801]),
    case(KMDF, "", "Unused = 1", &[9901]),
    case(KMDF, "", "Device = Other", &[9902]),
    case(UMDF, "[Strings.0407]", "[Strings.German]", &[9903]),
    case(UMDF, "\"Beispielprojekt\"", "\"Beispielprojekt\"\nService = \"Dienst\"", &[9904]),
];

/// Rules whose files are no texts that can be edited.
const OF_BYTES: [u16; 8] = [9001, 9002, 9003, 9004, 9006, 9012, 9014, 9301];

fn findings(text: &[u8], mode: Mode) -> (Inf, Vec<Finding>) {
    let inf = Inf::read(text).unwrap();
    let findings = check(&inf, &Options { mode, unstamped: false });
    (inf, findings)
}

fn shown(inf: &Inf, findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        format!("{} {}: {}\n", inf.position(finding.span.start), finding.rule.name(), finding.message)
    };
    findings.iter().map(line).collect()
}

#[test]
fn the_clean_files_are_clean_in_every_mode() {
    for mode in Mode::ALL {
        for (name, clean) in [("kmdf", KMDF), ("umdf", UMDF), ("filter", FILTER)] {
            let (inf, found) = findings(clean.as_bytes(), mode);
            assert!(found.is_empty(), "{name}, {mode}:\n{}", shown(&inf, &found));
        }
    }
}

#[test]
fn each_edit_breaks_exactly_the_rules_that_it_is_for() {
    let mut wrong = String::new();
    for Case { clean, mode, from, to, fires } in CASES {
        let broken = match *from {
            "" => format!("{clean}{to}"),
            from => {
                assert!(clean.contains(from), "{from}");
                clean.replacen(from, to, 1)
            }
        };
        let (inf, found) = findings(broken.as_bytes(), *mode);
        let numbers: BTreeSet<_> = found.iter().map(|finding| finding.rule.number).collect();
        if numbers != fires.iter().copied().collect() {
            wrong += &format!("{from:?} → {to:?}: {fires:?}\n{}\n", shown(&inf, &found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_case() {
    let cases: BTreeSet<_> =
        CASES.iter().filter_map(|case| case.fires.first().copied()).chain(OF_BYTES).collect();
    let rules: BTreeSet<_> = RULES.iter().map(|rule| rule.number).collect();
    assert_eq!(rules.difference(&cases).collect::<Vec<_>>(), Vec::<&u16>::new());
    assert_eq!(cases.difference(&rules).collect::<Vec<_>>(), Vec::<&u16>::new());
}

#[test]
fn files_that_are_no_good_text() {
    let utf16 = |text: &str| {
        [b"\xFF\xFE".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
    };
    let without_mark = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let umlaut = KMDF.replace("Sample Device", "Gerät");
    let after_crlf = KMDF.replace('\n', "\r\n");
    let damaged: Vec<_> = utf16(&after_crlf)
        .into_iter()
        .flat_map(|byte| if byte == b'\n' { vec![b'\r', b'\n'] } else { vec![byte] })
        .collect();
    let name = "n".repeat(256);
    let needs = |count: usize| {
        let section =
            |number: usize| format!("[Sample.Part{number}]\nNeeds = Sample.Part{}\n", (number + 1) % count);
        let parts: String = (0..count).map(section).collect();
        KMDF.replace("[Sample.Files]", &format!("Needs = Sample.Part0\n{parts}[Sample.Files]")).into_bytes()
    };
    let cases: [(u16, Vec<u8>, Vec<u8>); 8] = [
        (
            9001,
            [b"\xEF\xBB\xBF; \xFF\n", KMDF.as_bytes()].concat(),
            [b"\xEF\xBB\xBF; \xC3\xA4\n", KMDF.as_bytes()].concat(),
        ),
        (9002, [utf16(KMDF), vec![0]].concat(), utf16(KMDF)),
        (9003, umlaut.clone().into_bytes(), utf16(&umlaut)),
        (9004, without_mark(KMDF), utf16(KMDF)),
        (9006, damaged, utf16(&after_crlf)),
        (
            9012,
            KMDF.replace("Sample.Wdf", &name).into_bytes(),
            KMDF.replace("Sample.Wdf", &name[1..]).into_bytes(),
        ),
        (
            9014,
            KMDF.replace("Sample Device", &"n".repeat(4096)).into_bytes(),
            KMDF.replace("Sample Device", &"n".repeat(4095)).into_bytes(),
        ),
        (9301, needs(64), needs(62)),
    ];
    assert_eq!(cases.each_ref().map(|(number, ..)| *number), OF_BYTES);
    for (number, broken, clean) in cases {
        let (inf, found) = findings(&broken, Mode::Default);
        let numbers: BTreeSet<_> = found.iter().map(|finding| finding.rule.number).collect();
        assert_eq!(numbers, BTreeSet::from([number]), "{}", shown(&inf, &found));
        let (inf, found) = findings(&clean, Mode::Default);
        assert!(found.is_empty(), "{number}: {}", shown(&inf, &found));
    }
}

#[test]
fn modes_differ_in_severity() {
    let co_installer = KMDF.replace("[Sample.Wdf]", "[Sample.NT.CoInstallers]\n[Sample.Wdf]");
    for (mode, severity) in [
        (Mode::Default, Severity::Warning),
        (Mode::Universal, Severity::Error),
        (Mode::Windows, Severity::Error),
        (Mode::Hardware, Severity::Error),
    ] {
        let (_, found) = findings(co_installer.as_bytes(), mode);
        assert_eq!(
            found.iter().map(|finding| (finding.rule.number, finding.severity)).collect::<Vec<_>>(),
            [(1300, severity)]
        );
    }
}

#[test]
fn signed_hardware_has_exceptions_that_isolation_has_not() {
    let com = KMDF.replace("HKR,, Limit", "HKCR, CLSID\\{f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17}, Limit");
    let audio = KMDF.replace("HKR,, Limit", r"HKLM, SOFTWARE\Microsoft\Windows\CurrentVersion\Audio, Limit");
    let drivers = KMDF.replace("DefaultDestDir = 13", "DefaultDestDir = 12").replace("%13%", "%12%");
    let numbers = |text: &str, mode| {
        let found = findings(text.as_bytes(), mode).1;
        found.iter().map(|finding| (finding.rule.number, finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&com, Mode::Windows), [(1321, Severity::Warning)]);
    assert_eq!(numbers(&com, Mode::Hardware), []);
    assert_eq!(numbers(&audio, Mode::Windows), [(1304, Severity::Error), (1321, Severity::Error)]);
    assert_eq!(numbers(&audio, Mode::Hardware), [(1304, Severity::Error)]);
    assert_eq!(numbers(&drivers, Mode::Windows), [(1322, Severity::Error)]);
    assert_eq!(numbers(&drivers, Mode::Hardware), []);
}

#[test]
fn places_are_those_of_the_token() {
    let (inf, found) =
        findings(KMDF.replace("= %Service%", "= \"The %Server%\" ; x").as_bytes(), Mode::Default);
    let undefined = found.iter().find(|finding| finding.rule.number == 1235).unwrap();
    assert_eq!(inf.source(undefined.span), "%Server%");
    assert_eq!(inf.position(undefined.span.start).to_string(), "52:22");
}

#[test]
fn an_unstamped_file_is_checked_for_every_architecture() {
    let inx = KMDF
        .replace("NTamd64", "NT$ARCH$")
        .replace("01/02/2026,1.2.3.4", "")
        .replace("1.15", "$KMDFVERSION$")
        .replace("[SourceDisksFiles]", "[SourceDisksFiles.$ARCH$]");
    let inf = Inf::read(inx.as_bytes()).unwrap();
    for mode in Mode::ALL {
        let found = check(&inf, &Options { mode, unstamped: true });
        assert!(found.is_empty(), "{}", shown(&inf, &found));
    }
    let numbers: BTreeSet<_> =
        check(&inf, &Options::default()).iter().map(|finding| finding.rule.number).collect();
    assert_eq!(numbers, BTreeSet::from([9107, 9113]));
}

#[test]
fn rules_are_found_by_their_numbers() {
    for known in RULES {
        assert_eq!(rule(known.number), Some(*known));
        assert!(known.severities.iter().any(Option::is_some), "{} is never reported", known.name());
        for text in [known.meaning, known.mend] {
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", known.name());
        }
    }
    assert_eq!(rule(1), None);
}
