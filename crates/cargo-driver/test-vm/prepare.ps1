#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Makes this Windows a test machine: test signing, trust in the test certificate, crash dumps.

.DESCRIPTION
    Looks first: whether this is a virtual machine, whether Secure Boot is off, whether this is the right processor.
    Then it changes, and notes in state.json what was there before:

    - test signing on (bcdedit), which takes a restart
    - the certificate among the trusted roots and the trusted publishers of this computer
    - a kernel dump to %SystemRoot%\MEMORY.DMP after a crash, and a restart

    Nothing that is set already is set again. remove.ps1 undoes it (with -All).

.PARAMETER PhysicalMachine
    Goes on although this does not look like a virtual machine. A driver under test can make it unusable.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File prepare.ps1
#>
[CmdletBinding()]
param(
    [switch] $PhysicalMachine
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

function Assert-VirtualMachine {
    <# .SYNOPSIS Stops unless this looks like a virtual machine. #>
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    $name = "$($computer.Manufacturer) $($computer.Model)"
    $known = 'Virtual|VMware|QEMU|KVM|Standard PC|Parallels|Xen|Bochs|BHYVE|Amazon EC2|Google Compute'
    if ($name -match $known) {
        Write-Note "a virtual machine: $name"
    } elseif ($PhysicalMachine) {
        Write-Note "not a virtual machine that is known here: $name"
    } else {
        Stop-Step -Code $ExitUsage -Message "this does not look like a virtual machine ($name), and a driver under test can make it unusable (-PhysicalMachine goes on all the same)"
    }
}

function Assert-Windows {
    <# .SYNOPSIS Stops unless this is a Windows that the package is for. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $version = [Environment]::OSVersion.Version
    if ($version.Major -lt 10 -or $version.Build -lt 16299) {
        Stop-Step -Code $ExitUsage -Message "this is Windows $version, and the scripts need Windows 10 version 1709 (build 16299) or newer"
    }
    $processor = (Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment').GetValue('PROCESSOR_ARCHITECTURE')
    if ($processor -ne $Settings.processor) {
        Stop-Step -Code $ExitUsage -Message "this Windows is for $processor, and the driver for $($Settings.processor)"
    }
    $secureBoot = Get-RegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecureBoot\State' -Name 'UEFISecureBootEnabled'
    if ($secureBoot -eq 1) {
        Stop-Step -Code $ExitRefused -Message 'Secure Boot is on, and Windows then loads no test-signed driver (turn it off in the settings of the virtual machine)'
    }
}

function Test-TestSigning {
    <# .SYNOPSIS Whether this Windows was started with test signing. #>
    $options = Get-RegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control' -Name 'SystemStartOptions'
    "$options" -match '\bTESTSIGNING\b'
}

function Add-Certificate {
    <# .SYNOPSIS Puts the certificate into a store of this computer unless it is there. #>
    param(
        [Parameter(Mandatory = $true)] $Settings,
        [Parameter(Mandatory = $true)] [string] $Store
    )
    if (Test-Path -LiteralPath "Cert:\LocalMachine\$Store\$($Settings.thumbprint)") {
        return
    }
    $file = Join-Path $PSScriptRoot $Settings.certificate
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) {
        Stop-Step -Code $ExitFile -Message "there is no '$file' (copy the whole folder once more)"
    }
    $null = Import-Certificate -FilePath $file -CertStoreLocation "Cert:\LocalMachine\$Store"
    Write-Note "the certificate is in $Store"
}

function Set-CrashControl {
    <# .SYNOPSIS Sets how crashes are recorded, and returns whether anything changed. #>
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\CrashControl'
    $wanted = @(
        @{ Name = 'CrashDumpEnabled'; Type = 'DWord'; Value = 2 }
        @{ Name = 'DumpFile'; Type = 'ExpandString'; Value = '%SystemRoot%\MEMORY.DMP' }
        @{ Name = 'MinidumpDir'; Type = 'ExpandString'; Value = '%SystemRoot%\Minidump' }
        @{ Name = 'AutoReboot'; Type = 'DWord'; Value = 1 }
        @{ Name = 'Overwrite'; Type = 'DWord'; Value = 1 }
        @{ Name = 'AlwaysKeepMemoryDump'; Type = 'DWord'; Value = 1 }
        @{ Name = 'LogEvent'; Type = 'DWord'; Value = 1 }
    )
    $before = @{}
    $changed = $false
    foreach ($setting in $wanted) {
        $old = Get-RegistryValue -Path $key -Name $setting.Name
        $before[$setting.Name] = $old
        if ($old -ne $setting.Value) {
            $null = New-ItemProperty -LiteralPath $key -Name $setting.Name -PropertyType $setting.Type -Value $setting.Value -Force
            $changed = $true
        }
    }
    if ($null -eq (Get-StateValue -Name 'crashControlBefore')) {
        Set-StateValue -Name 'crashControlBefore' -Value $before
    }
    $changed
}

$code = Invoke-Step -Name 'prepare' -Body {
    $settings = Get-Settings
    Assert-VirtualMachine
    Assert-Windows -Settings $settings
    Add-Certificate -Settings $settings -Store 'Root'
    Add-Certificate -Settings $settings -Store 'TrustedPublisher'
    $restart = $false
    if (Set-CrashControl) {
        Write-Note 'a crash writes a kernel dump to %SystemRoot%\MEMORY.DMP and restarts Windows'
        $restart = $true
    }
    if (-not (Test-TestSigning)) {
        if ($null -eq (Get-StateValue -Name 'testSigningBefore')) {
            Set-StateValue -Name 'testSigningBefore' -Value 'off'
        }
        $null = Assert-Tool -Path 'bcdedit.exe' -Arguments @('/set', 'testsigning', 'on')
        Write-Note 'test signing is on after the next start of Windows'
        $restart = $true
    }
    if ($restart) {
        $script:StepExit = $ExitRestart
    }
}
exit $code
