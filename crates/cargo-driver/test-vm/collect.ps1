#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Gathers what a run left in results, and says whether the system stopped.

.DESCRIPTION
    results\summary.json says it for programs: Windows, what was done, and, if the system stopped while something was
    under way, what that was, with the bug check and the dump. Beside it: what Driver Verifier says, the drivers of the
    store, the log of device installations, the event log's entries of crashes, and minidumps that are newer than the
    start of the exercise. All of it is also in results.zip.

    The framework's log of the driver (the in-flight recorder) is in the dumps: !wdfkd.wdflogdump shows it in a debugger.

.PARAMETER FullDump
    Also takes MEMORY.DMP. It can be as large as the memory of the machine.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File collect.ps1
#>
[CmdletBinding()]
param(
    [switch] $FullDump
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

function Get-CrashEvent {
    <# .SYNOPSIS The event log's entries of crashes since a time. #>
    param([Parameter(Mandatory = $true)] [DateTime] $Since)
    $filter = @{
        LogName      = 'System'
        ProviderName = 'Microsoft-Windows-WER-SystemErrorReporting'
        Id           = 1001
        StartTime    = $Since
    }
    try {
        @(Get-WinEvent -FilterHashtable $filter)
    } catch {
        # No entry, or no provider: no crash was recorded.
        @()
    }
}

function Get-Stop {
    <# .SYNOPSIS What was under way when the system stopped, with the bug check and the dump; nothing if it did not. #>
    $interrupted = Get-Interrupted
    if ($null -eq $interrupted) {
        return $null
    }
    $since = (Read-Time -Text $interrupted.since).ToLocalTime()
    # Windows writes the entry some time after its start.
    $end = [DateTime]::UtcNow.AddSeconds(90)
    do {
        $events = @(Get-CrashEvent -Since $since)
        if ($events.Count -gt 0) {
            break
        }
        Start-Sleep -Seconds 3
    } while ([DateTime]::UtcNow -lt $end)
    $stop = @{ step = $interrupted.step; action = $interrupted.action; bugcheck = $null; parameters = @(); dump = $null; time = $null }
    if ($events.Count -gt 0) {
        $first = $events[$events.Count - 1]
        $stop.time = Format-Time -Time $first.TimeCreated
        # The first property: "0x000000d1 (0x0, 0x2, 0x0, 0x0)"; the second, the dump.
        $numbers = @([regex]::Matches("$($first.Properties[0].Value)", '0x[0-9a-fA-F]+') | ForEach-Object { $_.Value })
        if ($numbers.Count -gt 0) {
            $stop.bugcheck = $numbers[0]
            $stop.parameters = @($numbers | Select-Object -Skip 1)
        }
        if ($first.Properties.Count -gt 1) {
            $stop.dump = "$($first.Properties[1].Value)"
        }
    }
    $stop
}

function Save-Output {
    <# .SYNOPSIS Keeps what a program prints. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] [string[]] $Arguments
    )
    $lines = (Invoke-Tool -Path $Path -Arguments $Arguments).Lines
    Write-TextFile -Path (Join-Path $Results $Name) -Text ($lines -join [Environment]::NewLine)
}

function Save-Dump {
    <# .SYNOPSIS Copies dumps that are newer than the start of the exercise, and returns their names. #>
    param([Parameter(Mandatory = $true)] [DateTime] $Since)
    $places = @(Join-Path $env:SystemRoot 'Minidump\*.dmp')
    if ($FullDump) {
        $places += Join-Path $env:SystemRoot 'MEMORY.DMP'
    }
    foreach ($file in @(Get-Item -Path $places -ErrorAction SilentlyContinue)) {
        if ($file.LastWriteTimeUtc -ge $Since) {
            Copy-Item -LiteralPath $file.FullName -Destination $Results
            Write-Note "the dump $($file.FullName), $($file.Length) bytes"
            $file.Name
        }
    }
}

function Save-Log {
    <# .SYNOPSIS Keeps the end of the log of device installations. #>
    $log = Join-Path $env:SystemRoot 'INF\setupapi.dev.log'
    if (Test-Path -LiteralPath $log -PathType Leaf) {
        $lines = @(Get-Content -LiteralPath $log -Tail 2000)
        Write-TextFile -Path (Join-Path $Results 'setupapi.dev.log') -Text ($lines -join [Environment]::NewLine)
    }
}

$code = Invoke-Step -Name 'collect' -Body {
    $settings = Get-Settings
    if (-not (Test-Path -LiteralPath $Results -PathType Container)) {
        $null = New-Item -Path $Results -ItemType Directory
    }
    $stop = Get-Stop
    $at = Get-StateValue -Name 'exercisedAt'
    $since = [DateTime]::UtcNow.AddDays(-1)
    if ($null -ne $at) {
        $since = Read-Time -Text $at
    }
    Save-Output -Name 'verifier.txt' -Path 'verifier.exe' -Arguments @('/query')
    Save-Output -Name 'verifier-settings.txt' -Path 'verifier.exe' -Arguments @('/querysettings')
    Save-Output -Name 'drivers.txt' -Path 'pnputil.exe' -Arguments @('/enum-drivers')
    Save-Log
    $events = @(Get-CrashEvent -Since $since.ToLocalTime() | ForEach-Object {
            @{ time = Format-Time -Time $_.TimeCreated; message = "$($_.Message)" }
        })
    Write-JsonFile -Path (Join-Path $Results 'crashes.json') -Value @{ crashes = $events }
    $dumps = @(Save-Dump -Since $since)

    $verifier = 'unknown'
    $actions = @()
    $done = Join-Path $Results 'actions.json'
    if (Test-Path -LiteralPath $done -PathType Leaf) {
        $run = Read-JsonFile -Path $done
        $verifier = $run.verifier
        $actions = @($run.actions)
    }
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    Write-JsonFile -Path (Join-Path $Results 'summary.json') -Value @{
        format   = 1
        driver   = $settings.driver
        windows  = @{ name = $system.Caption; version = $system.Version; processor = $settings.processor }
        verifier = @{ level = $settings.verifier.level; flags = $settings.verifier.flags; driver_verifier = $verifier }
        actions  = $actions
        stopped  = $stop
        dumps    = $dumps
    }
    $zip = Join-Path $PSScriptRoot 'results.zip'
    try {
        Compress-Archive -Path (Join-Path $Results '*') -DestinationPath $zip -Force
        Write-Note "everything is in $zip"
    } catch {
        # A file of more than 2 GB, in Windows PowerShell.
        Write-Note "everything is in $Results; no archive: $($_.Exception.Message)"
    }
    if ($null -ne $stop) {
        Set-StateValue -Name 'underWay' -Value $null
        $bugcheck = 'the event log has no bug check'
        if ($null -ne $stop.bugcheck) {
            $bugcheck = "bug check $($stop.bugcheck) ($($stop.parameters -join ', ')), dump $($stop.dump)"
        }
        Stop-Step -Code $ExitStopped -Message "the system stopped while '$($stop.action)' of $($stop.step) was under way: $bugcheck"
    }
}
exit $code
